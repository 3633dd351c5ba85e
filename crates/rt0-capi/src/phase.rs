//! What a fork's child finds of its parent's runtime.
//!
//! In a child the kernel, or the core, clears the generation page. The word here is not on that page: a child
//! keeps its parent's value, and sees from the page that it is a child.

use core::sync::atomic::{AtomicU32, Ordering};

use rt0_core::generation::page;
use rt0_core::sabotage;

/// How far a runtime has come. The numbers match `RT0_LEFT_...` in `rt0.h`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Phase {
    /// There is no runtime, or it has ended in good order.
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

/// A [`Phase`]. Relaxed everywhere: within a process the gate orders accesses, and a child begins with one
/// thread.
static PHASE: AtomicU32 = AtomicU32::new(0);

/// The generation that the phase belongs to.
static OF: AtomicU32 = AtomicU32::new(0);

/// The page points to this while a generation lives in this process.
static LIVES_HERE: () = ();

/// Begins a boot of this generation. In a fork's child with remains of another generation, returns that one's
/// number and how far it had come.
pub fn begin(generation: u32) -> Option<(u32, u32)> {
    let phase = PHASE.load(Ordering::Relaxed);
    let former = OF.swap(generation, Ordering::Relaxed);
    let user = &page().user;
    let left = phase != Phase::None as u32 && user.load(Ordering::Relaxed).is_null();
    user.store((&raw const LIVES_HERE).cast_mut(), Ordering::Relaxed);
    enter(Phase::Booting);
    (left && !sabotage::NO_LEFT_OVER).then_some((former, phase))
}

/// Records that the runtime has reached this phase.
pub fn enter(phase: Phase) {
    PHASE.store(phase as u32, Ordering::Relaxed);
}
