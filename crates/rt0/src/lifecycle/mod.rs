//! The lifecycle calls: `#[rt0::init]` exports each under the library's prefix.

pub(crate) mod end;
#[cfg(feature = "tracing")]
pub(crate) mod events;

use std::ffi::{c_char, c_void};
use std::ptr::null_mut;
use std::time::Duration;

use rt0_core::generation::page;
use rt0_core::sync::{Deadline, clock};
use rt0_core::{Library, Status, sabotage};

use crate::call::answer::run;
use crate::call::{buffer, ready};
use crate::failure::{Failure, forked};
use crate::platform::locals;
use crate::report;
use crate::report::file::{self, When};
use crate::shutdown::shut_down;

/// `NAME_abi_version()`: that of the library's description, which its header has too.
pub fn abi_version(of_library: u32) -> u32 {
    of_library
}

/// `NAME_start()`
pub fn start(library: &'static Library) -> i32 {
    answer("start", &mut || {
        ready::begin(library).map_err(Failure::from)
    })
}

/// `NAME_wait(timeout_ms)`
pub fn wait(library: &'static Library, timeout_ms: i32) -> i32 {
    answer("wait", &mut || {
        let deadline = match time("wait: timeout_ms", timeout_ms)? {
            Some(ms) => clock::after_ms(ms),
            None => Deadline::Never,
        };
        ready::pass_until(library, deadline).map_err(Failure::from)
    })
}

/// The body of a lifecycle call. Unlike [`run`], which each export has a copy of, it is compiled once.
#[inline(never)]
fn answer(call: &'static str, body: &mut dyn FnMut() -> Result<(), Failure>) -> i32 {
    // SAFETY: no place for the error's text is given.
    unsafe { run(call, null_mut(), body) }
}

/// A time in milliseconds, as C passes it; `None` means forever. Any negative number but -1 is a mistake, or
/// comes from another interface (`RT0_USUAL` of `rt0.h`).
fn time(subject: &'static str, ms: i32) -> Result<Option<u64>, Failure> {
    const FOREVER: i32 = -1;
    match u64::try_from(ms) {
        Ok(ms) => Ok(Some(ms)),
        Err(_) if ms == FOREVER || sabotage::NO_TIME_CHECK => Ok(None),
        Err(_) => Err(Failure::new(
            subject,
            Status::InvalidArgument,
            "is not valid: pass a time in milliseconds, or -1 to wait forever",
        )),
    }
}

/// `NAME_state()`
pub fn state() -> i32 {
    page().gate.state().reported() as i32
}

/// `NAME_shutdown(timeout_ms)`
pub fn shutdown(library: &'static Library, timeout_ms: i32) -> i32 {
    answer("shutdown", &mut || {
        forked::check(library)?;
        locals::check_unforked(library)?;
        let timeout = time("shutdown: timeout_ms", timeout_ms)?.map(Duration::from_millis);
        let result = shut_down(library, timeout);
        file::write(library, When::ShutDown, None);
        result
    })
}

/// `NAME_report()`. Null if nothing can be allocated.
pub fn report(library: &'static Library) -> *mut c_char {
    let mut out = null_mut();
    answer("report", &mut || {
        forked::check(library)?;
        let text = report::json(library, None);
        // SAFETY: `out` is a place for a pointer, and no place for the length is asked for.
        unsafe { buffer::give_string(&mut out, null_mut(), text) }
    });
    out
}

/// `NAME_free(ptr)`
///
/// # Safety
/// `buffer` is null, or came from this library and was not freed before. Any other pointer is refused if it
/// can be recognized. In a child in which nothing can be allocated, nothing is freed.
pub unsafe fn free(buffer: *mut c_void) -> i32 {
    if buffer.is_null() || forked::is_text(buffer) {
        return 0;
    }
    if forked::text().is_some() {
        // The buffer is the parent's. Like everything of the parent's, it stays.
        return Status::Forked.code();
    }
    // SAFETY: passed on to our caller.
    answer("free", &mut || unsafe { buffer::free(buffer) })
}
