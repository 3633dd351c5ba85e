//! The gate of an exported function, and times as C passes them.

use core::ffi::c_int;

use rt0_core::generation::{self, page};
use rt0_core::protocol::gate::State;
use rt0_core::sync::{Deadline, clock};
use rt0_core::{Library, Status, fork};

// `rt0_wait` in the header compares the word with this number.
const _: () = assert!(State::Ready as u32 == 3, "RT0_OPEN_ in rt0.h");

/// `RT0_FOREVER`
const FOREVER: c_int = -1;
/// `RT0_USUAL`
const USUAL: c_int = -2;

/// A time in milliseconds, as C passes it.
pub fn deadline(library: &'static Library, timeout_ms: c_int) -> Result<Deadline, Status> {
    match timeout_ms {
        FOREVER => Ok(Deadline::Never),
        USUAL => Ok(library.default_deadline()),
        ms => match u64::try_from(ms) {
            Ok(ms) => Ok(clock::after_ms(ms)),
            Err(_) => Err(Status::InvalidArgument),
        },
    }
}

/// Waits until boot is done.
pub fn pass(library: &'static Library, timeout_ms: c_int) -> Result<(), Status> {
    if generation::is_ready() {
        return Ok(());
    }
    rt0_core::pass(library, deadline(library, timeout_ms)?)
}

/// Whether boot is done, and this process may use what boot has made.
pub fn is_done() -> bool {
    page().gate.state().reported() == State::Ready && fork::check().is_ok()
}
