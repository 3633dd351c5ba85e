//! How a boot reports its result.
//!
//! The duty to report, a `Boot`, is kept here until it is claimed with the generation's number.

use core::cell::UnsafeCell;
use core::ffi::{CStr, c_int};
use core::mem::MaybeUninit;
use core::sync::atomic::{AtomicU32, Ordering};

use rt0_core::{Boot, Status, sabotage};

use crate::failure;
use crate::phase::{self, Phase};

struct Slot(UnsafeCell<MaybeUninit<Boot>>);

// SAFETY: `OPEN` says who may access the slot.
unsafe impl Sync for Slot {}

static SLOT: Slot = Slot(UnsafeCell::new(MaybeUninit::uninit()));

/// The generation whose boot is in the slot, or 0. The thread that changes it to 0 takes the boot.
static OPEN: AtomicU32 = AtomicU32::new(0);

/// Keeps the duty. In a fork's child, the parent's is forgotten.
pub fn open(boot: Boot, generation: u32) {
    // Relaxed: only one boot runs at a time, and the boot's claim orders them.
    OPEN.store(0, Ordering::Relaxed);
    // SAFETY: `OPEN` is 0, and nothing else has the number yet.
    unsafe { (*SLOT.0.get()).write(boot) };
    // Release pairs with the Acquire in `take`.
    OPEN.store(generation, Ordering::Release);
}

fn take(generation: u32) -> Option<Boot> {
    // Acquire pairs with the Release in `open`.
    OPEN.compare_exchange(generation, 0, Ordering::Acquire, Ordering::Relaxed)
        .ok()
        .filter(|_| generation != 0)?;
    // SAFETY: the number was in `OPEN`, so the slot has a boot; and only one thread can swap the number out.
    Some(unsafe { (*SLOT.0.get()).assume_init_read() })
}

/// Ends the boot. False if there is none to end: it has already ended, or it belongs to a fork's parent.
pub fn notify(generation: u32, code: c_int, text: Option<&CStr>) -> bool {
    let Some(boot) = take(generation).filter(Boot::is_present) else {
        return sabotage::NO_NOTIFY_ONCE;
    };
    if code == 0 {
        phase::enter(Phase::Running);
        boot.done();
    } else {
        failure::keep(code, text);
        phase::enter(Phase::Failed);
        boot.failed(Status::from_code(code).unwrap_or(Status::BootFailed));
    }
    true
}
