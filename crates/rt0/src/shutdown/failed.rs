//! Ends a failed generation, for a call that boots the next one.

use rt0_core::sabotage;
use rt0_core::sync::Deadline;

use super::lost::{is_lost, leave, wait_for_lost};
use super::parts::run_authors;
use crate::generation::Generation;
use crate::in_flight::{self, Inside};

/// Removes a failed generation for a call that boots the next one. Returns false if the deadline passes
/// first, or if waiting would deadlock. If the boot failed, there is no state and no main, and only calls
/// that read the failure's text can be inside. If the generation was lost, any call can be inside.
pub(crate) fn end_failed(deadline: Deadline) -> bool {
    if Inside::already() && !sabotage::NO_NESTED_RETRY {
        // This call is nested in another one, in a callback, and would wait for the outer call to end.
        return false;
    }
    if in_flight::wait_for_calls(deadline, 0, &|| false).is_err() {
        return false;
    }
    // SAFETY: the gate is RETRYING, which keeps shutdowns off.
    let present = unsafe { Generation::present() };
    if let Some(generation) = present.filter(|generation| is_lost(generation)) {
        generation.stop.set();
        wait_for_lost(generation, deadline);
        leave();
        return true;
    }
    // SAFETY: the gate is RETRYING, which keeps shutdowns off; no call is inside, and the core has
    // joined the boot thread.
    let generation = unsafe { Generation::retire() };
    // Nothing in it belongs to the author any more. If dropping it panics all the same, ignore that.
    let _ = run_authors(|| drop(generation));
    true
}
