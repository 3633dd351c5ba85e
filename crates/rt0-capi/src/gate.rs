//! The gate, and what is known about the generation behind it.

use core::ffi::c_int;

use rt0_core::generation::{self, page};
use rt0_core::protocol::gate::State;
use rt0_core::sync::{Deadline, clock};
use rt0_core::{Status, fork};

use crate::library::library;

rt0_core::define_function!("rt0_wait_closed", crate::gate::rt0_wait_closed);
rt0_core::define_function!("rt0_is_done", crate::gate::rt0_is_done);
rt0_core::define_function!("rt0_start", crate::gate::rt0_start);
rt0_core::define_function!("rt0_generation_number", crate::gate::rt0_generation_number);
rt0_core::define_function!("rt0_is_forks_child", crate::gate::rt0_is_forks_child);

// What `rt0_wait` of the header compares the word with.
const _: () = assert!(State::Ready as u32 == 3, "RT0_OPEN_ in rt0.h");

/// `RT0_FOREVER`
const FOREVER: c_int = -1;
/// `RT0_USUAL`
const USUAL: c_int = -2;

/// A time in milliseconds, as C says it.
pub fn deadline(timeout_ms: c_int) -> Result<Deadline, Status> {
    match timeout_ms {
        FOREVER => Ok(Deadline::Never),
        USUAL => Ok(library().default_deadline()),
        ms => match u64::try_from(ms) {
            Ok(ms) => Ok(clock::after_ms(ms)),
            Err(_) => Err(Status::InvalidArgument),
        },
    }
}

/// What C is told.
pub fn code(result: Result<(), Status>) -> c_int {
    result.map_or_else(Status::code, |()| 0)
}

pub fn pass(timeout_ms: c_int) -> Result<(), Status> {
    if generation::is_ready() {
        return Ok(());
    }
    rt0_core::pass(library(), deadline(timeout_ms)?)
}

/// The cold half of `rt0_wait(timeout_ms)`.
extern "C" fn rt0_wait_closed(timeout_ms: c_int) -> c_int {
    code(pass(timeout_ms))
}

/// `rt0_is_done()`
extern "C" fn rt0_is_done() -> c_int {
    let state = page().gate.state().reported();
    (state == State::Ready && fork::check().is_ok()).into()
}

/// `rt0_start()`
extern "C" fn rt0_start() -> c_int {
    code(rt0_core::start(library()))
}

/// `rt0_generation_number()`
extern "C" fn rt0_generation_number() -> u32 {
    generation::number()
}

/// `rt0_is_forks_child()`
extern "C" fn rt0_is_forks_child() -> c_int {
    fork::is_child().into()
}
