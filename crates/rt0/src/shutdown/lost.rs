//! The end of a generation whose runtime is lost: main is told to stop, and everything else is left as it is.

use std::time::Duration;

use rt0_core::sync::{Deadline, clock};
use rt0_core::{boot, sabotage};

use super::THREADS_END;
use crate::generation::Generation;
use crate::in_flight::travelling;

/// Whether the host has closed the descriptors of this generation's runtime.
pub(super) fn is_lost(generation: &Generation) -> bool {
    !sabotage::NO_LOST_LEFT && generation.runtime.is_lost()
}

/// Stops counting the guards that belong to no thread, if the runtime is lost.
pub(super) fn release_guards() {
    // SAFETY: we are the shutdown.
    let lost = || unsafe { Generation::present() }.is_some_and(is_lost);
    if travelling::held() > 0 && lost() {
        travelling::release();
    }
}

/// How long to wait for main, which may sleep in a lost runtime forever.
const LOST_MAIN_ENDS: Duration = Duration::from_secs(1);

/// How long to wait for a boot thread that only drives a lost runtime.
const LOST_DRIVER_ENDS: Duration = Duration::from_millis(10);

/// Waits, but not for long, for the boot thread of a lost generation that was told to stop.
pub(super) fn wait_for_lost(generation: &Generation, deadline: Deadline) {
    let longest = match generation.runtime.is_driven() {
        true => LOST_DRIVER_ENDS,
        false => LOST_MAIN_ENDS,
    };
    // Even a deadline of "now" gives the thread the time that it takes to end.
    let until = deadline.max(clock::after(THREADS_END));
    boot::join_or_leave_boot_thread(until.min(clock::after(longest)));
}

/// Removes a lost generation without dropping any of it. The descriptors in its runtime, tasks, handles and
/// state have numbers that may be the host's by now. For the same reason the author's exit does not run.
pub(super) fn leave() {
    // SAFETY: no call is inside. The boot thread was joined, or was left running; it can still use the
    // generation, which is never freed.
    std::mem::forget(unsafe { Generation::retire() });
    // Its boot thread, if it was left running, may hold one.
    travelling::release();
}
