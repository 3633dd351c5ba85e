//! The end of a generation whose runtime is lost: it is told to stop, and left as it is.

use std::time::Duration;

use rt0_core::sync::{Deadline, clock};
use rt0_core::{boot, sabotage};

use super::THREADS_END;
use crate::generation::Generation;

/// Whether the host has closed the descriptors of its runtime.
pub(super) fn is_lost(generation: &Generation) -> bool {
    !sabotage::NO_LOST_LEFT && generation.runtime.is_lost()
}

/// How long main is waited for, which may sleep in a lost runtime for ever.
const LOST_MAIN_ENDS: Duration = Duration::from_secs(1);

/// How long a boot thread is waited for that does nothing but drive a lost runtime.
const LOST_DRIVER_ENDS: Duration = Duration::from_millis(10);

/// Waits for the boot thread of a lost generation, which was told to stop, and not for long.
pub(super) fn wait_for_lost(generation: &Generation, deadline: Deadline) {
    let longest = match generation.runtime.is_driven() {
        true => LOST_DRIVER_ENDS,
        false => LOST_MAIN_ENDS,
    };
    // Even "at once" leaves it the time that a thread takes to end.
    let until = deadline.max(clock::after(THREADS_END));
    boot::join_or_leave_boot_thread(until.min(clock::after(longest)));
}

/// Takes a lost generation away, and drops nothing of it: descriptors that are in its runtime, its tasks, its
/// handles and its state have numbers that may be the host's by now. For the same reason the author's exit
/// is not run.
pub(super) fn leave() {
    // SAFETY: no call is inside, and the boot thread has been joined, or left: to that one the generation
    // stays, for it is never freed.
    std::mem::forget(unsafe { Generation::retire() });
}
