//! Returns the outcome of a call to the host: 0, or an error code and its text. A function that can't report
//! errors returns the fallback value that its author chose.

use std::any::Any;
use std::ffi::c_char;
use std::io::Write;
use std::ptr::null_mut;

use rt0_core::Status;

use super::buffer;
use crate::failure::last_error::{last_error_text, set_last_error};
use crate::failure::{Failure, Reason, forked};
use crate::generation::lost;
use crate::platform::locals;
use crate::runtime::panic::{self, Caught};

/// The body of an export that can report errors: returns 0 or an error code. `symbol` appears in the text of
/// a panic.
///
/// A failure is reported inside the closure whose panics are caught. Only a number comes out, so the hot half
/// needs no room for a failure.
///
/// # Safety
/// `err` is null or a place for a pointer.
#[inline(always)]
pub unsafe fn run(
    symbol: &'static str,
    err: *mut *mut c_char,
    body: impl FnOnce() -> Result<(), Failure>,
) -> i32 {
    let answer = || match body() {
        Ok(()) => 0,
        // Few enough values to pass in registers.
        Err(Failure(Reason::Fixed {
            subject,
            status,
            text,
            // SAFETY: passed on to our caller.
        })) => unsafe { fail_fixed(err, subject, status, text) },
        // SAFETY: passed on to our caller.
        Err(failure) => unsafe { fail(err, failure) },
    };
    match panic::caught_call(answer) {
        Ok(code) => code,
        // SAFETY: passed on to our caller.
        Err(payload) => unsafe { fail_panicked(err, symbol, payload) },
    }
}

/// The body of an export that can't report errors: returns its value, or the author's fallback value.
#[inline(always)]
pub fn run_or<T>(
    symbol: &'static str,
    body: impl FnOnce() -> Result<T, Failure>,
    or: impl FnOnce() -> T,
) -> T {
    let answer = || match body() {
        Ok(value) => Some(value),
        Err(Failure(Reason::Fixed { subject, text, .. })) => {
            keep_fixed(subject, text);
            None
        }
        Err(failure) => {
            keep(failure);
            None
        }
    };
    match panic::caught_call(answer) {
        Ok(Some(value)) => return value,
        Ok(None) => {}
        Err(payload) => keep_panicked(symbol, payload),
    }
    panic::caught(or).unwrap_or_else(|text| or_panicked(symbol, &text))
}

/// There is no value to return: prints why, and aborts the process.
#[cold]
#[inline(never)]
fn or_panicked(symbol: &str, text: &str) -> ! {
    let text = format!(
        "{symbol}: the call failed ({}), and its fallback `or` {text}. There is no value to return, so the \
         process aborts.\n",
        last_error_text(),
    );
    let _ = std::io::stderr().write_all(text.as_bytes());
    std::process::abort()
}

/// What `or = abort` does.
#[cold]
pub fn abort() -> ! {
    std::process::abort()
}

/// Like [`fail`], for a call that panicked.
#[cold]
#[inline(never)]
unsafe fn fail_panicked(
    err: *mut *mut c_char,
    symbol: &'static str,
    payload: Box<dyn Any + Send>,
) -> i32 {
    // SAFETY: passed on to our caller.
    unsafe { fail(err, panicked(symbol, payload)) }
}

/// Like [`keep`], for a call that panicked.
#[cold]
#[inline(never)]
fn keep_panicked(symbol: &'static str, payload: Box<dyn Any + Send>) {
    keep(panicked(symbol, payload));
}

/// What a call that has panicked returns.
pub(crate) fn panicked(symbol: &str, payload: Box<dyn Any + Send>) -> Failure {
    match panic::in_call(payload) {
        Caught::Refused(error) => error.into(),
        // tokio's driver panicked, or code that depends on it.
        Caught::Panicked(text) if lost::is_lost() => {
            let status = Status::RuntimeLost;
            Failure::with_text(status.code(), format!("{symbol} {text}; {status}"))
        }
        Caught::Panicked(text) => {
            Failure::with_text(Status::Panicked.code(), format!("{symbol} {text}"))
        }
    }
}

/// Like [`keep`], with its arguments in registers; see [`fail_fixed`].
#[cold]
#[inline(never)]
#[expect(improper_ctypes_definitions, reason = "both ends are Rust")]
extern "C" fn keep_fixed(subject: &'static str, text: &'static str) {
    keep(Failure::new(subject, Status::InvalidArgument, text));
}

#[cold]
#[inline(never)]
fn keep(failure: Failure) {
    if forked::text().is_none() && locals::are_at_hand() {
        set_last_error(&failure.into_code_and_text().1);
    }
}

/// Like [`fail`], with its arguments in registers. Its calling convention says that it never unwinds, so
/// nothing needs to be caught.
#[cold]
#[inline(never)]
#[expect(improper_ctypes_definitions, reason = "both ends are Rust")]
unsafe extern "C" fn fail_fixed(
    err: *mut *mut c_char,
    subject: &'static str,
    status: Status,
    text: &'static str,
) -> i32 {
    // SAFETY: passed on to our caller.
    unsafe { fail(err, Failure::new(subject, status, text)) }
}

#[cold]
#[inline(never)]
unsafe fn fail(err: *mut *mut c_char, failure: Failure) -> i32 {
    let is_place = !err.is_null() && err.is_aligned();
    if let Some(text) = forked::text() {
        if is_place {
            // SAFETY: `run`'s caller says that it is a place for a pointer. The text is static; the host may
            // read it and pass it to `NAME_free`.
            unsafe { err.write(text.as_ptr().cast_mut()) };
        }
        return failure.code();
    }
    if !locals::are_at_hand() {
        if is_place {
            // SAFETY: `run`'s caller says that it is a place for a pointer. There is no memory for a text
            // either.
            unsafe { err.write(null_mut()) };
        }
        return failure.code();
    }
    let (code, text) = failure.into_code_and_text();
    set_last_error(&text);
    if is_place {
        // SAFETY: `run`'s caller says that it is a place for a pointer. If there is no memory for the text,
        // the host gets only the code.
        unsafe {
            err.write(null_mut());
            let _ = buffer::give_string(err, null_mut(), text);
        }
    }
    code
}
