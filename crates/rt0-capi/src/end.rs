//! The end of a generation.
//!
//! The core's own, with one more step: a fork's child must not find a runtime that has already ended.

use rt0_core::sync::Deadline;
use rt0_core::{Library, Status, shutdown};

use crate::phase::{self, Phase};
use crate::table::table;

/// Ends the generation, if one is running.
pub fn shut_down(library: &'static Library, deadline: Deadline) -> Result<(), Status> {
    shutdown::shut_down_and(library, deadline, || phase::enter(Phase::None))
}

/// Tells the runtime to end. The core calls it at the end of the process.
pub fn stop() {
    phase::enter(Phase::Stopping);
    let table = table();
    if let Some(stop) = table.stop {
        // SAFETY: the author's function, called as `rt0.h` says.
        unsafe { stop(table.user) };
    }
}

/// Ends the remains of a failed boot, before the core boots again.
pub fn end_failed(_: Deadline) -> bool {
    stop();
    phase::enter(Phase::None);
    true
}
