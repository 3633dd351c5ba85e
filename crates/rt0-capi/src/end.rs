//! The end of a generation: `rt0_shutdown`.
//!
//! The core's own, with one more step: a fork's child is not to find a runtime that has ended.

use core::ffi::c_int;

use rt0_core::sync::Deadline;
use rt0_core::{Status, shutdown};

use crate::gate;
use crate::library::{library, table};
use crate::phase::{self, Phase};

rt0_core::define_function!("rt0_shutdown", crate::end::rt0_shutdown);

/// `rt0_shutdown(timeout_ms)`
extern "C" fn rt0_shutdown(timeout_ms: c_int) -> c_int {
    gate::code(gate::deadline(timeout_ms).and_then(shut_down))
}

fn shut_down(deadline: Deadline) -> Result<(), Status> {
    shutdown::shut_down_and(library(), deadline, || phase::enter(Phase::None))
}

/// Tells the runtime to end. The core does so at the end of the process.
pub fn tell() {
    phase::enter(Phase::Stopping);
    let table = table();
    if let Some(stop) = table.stop {
        // SAFETY: the author's function, called as `rt0.h` says.
        unsafe { stop(table.user) };
    }
}

/// The core is about to boot again what has failed.
pub fn failed(_: Deadline) -> bool {
    tell();
    phase::enter(Phase::None);
    true
}
