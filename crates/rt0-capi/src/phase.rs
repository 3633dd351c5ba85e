//! What a fork's child finds of its parent's runtime.
//!
//! The kernel, or the core, clears the generation page in a child. The word here is not on it: a child has
//! what its parent had, and sees from the page that it is a child.

use core::sync::atomic::{AtomicU32, Ordering};

use rt0_core::generation::page;
use rt0_core::sabotage;

/// How far a runtime has come. The numbers are those of `RT0_LEFT_...` in `rt0.h`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Phase {
    /// There is none, or it has been ended in good order.
    None = 0,
    /// Its boot has begun.
    Booting = 1,
    /// Its boot is done.
    Running = 2,
    /// Its boot has failed.
    Failed = 3,
    /// It has been told to end.
    Stopping = 4,
}

/// A [`Phase`]. Relaxed throughout: within a process the gate orders it, and a child has one thread.
static PHASE: AtomicU32 = AtomicU32::new(0);

/// The generation that the phase is of.
static OF: AtomicU32 = AtomicU32::new(0);

/// What the page points to while a generation lives in this process.
static HERE: () = ();

/// A boot begins, of this generation. What is left over of another in a fork's child: its number, and how
/// far it had come.
pub fn begin(generation: u32) -> Option<(u32, u32)> {
    let phase = PHASE.load(Ordering::Relaxed);
    let former = OF.swap(generation, Ordering::Relaxed);
    let user = &page().user;
    let left = phase != Phase::None as u32 && user.load(Ordering::Relaxed).is_null();
    user.store((&raw const HERE).cast_mut(), Ordering::Relaxed);
    enter(Phase::Booting);
    (left && !sabotage::NO_LEFT_OVER).then_some((former, phase))
}

/// The runtime has come so far.
pub fn enter(phase: Phase) {
    PHASE.store(phase as u32, Ordering::Relaxed);
}
