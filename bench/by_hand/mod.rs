//! What an author without rt0 writes: the exports, with the same checks, errors and panic handling. The
//! function `started` of each crate that includes this file decides how the library starts.

use std::cell::RefCell;
use std::ffi::{CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

#[cfg_attr(feature = "tokio", path = "tokio.rs")]
#[cfg_attr(not(feature = "tokio"), path = "no_tokio.rs")]
mod runtime;

use runtime::Runtime;

/// The library's state.
pub struct Engine {
    number: AtomicU64,
}

/// Everything that start-up makes.
pub struct Started {
    /// Kept so that it stays running; taken out to end it.
    runtime: Mutex<Option<Runtime>>,
    engine: Engine,
}

/// The start-up itself, with the same runtime and the same init as with rt0.
pub fn start() -> Started {
    let runtime = Runtime::new();
    let engine = runtime.run(|| Engine {
        number: AtomicU64::new(7),
    });
    Started {
        runtime: Mutex::new(Some(runtime)),
        engine,
    }
}

/// What start-up made. The first `get_or_init` runs start-up; others wait for it.
pub static STARTED: OnceLock<Started> = OnceLock::new();

thread_local! {
    static LAST_ERROR: RefCell<CString> = RefCell::default();
}

#[cold]
#[inline(never)]
fn fail(code: i32, text: &str, err: *mut *mut c_char) -> i32 {
    let text = CString::new(text).unwrap_or_default();
    LAST_ERROR.with_borrow_mut(|last| last.clone_from(&text));
    if !err.is_null() {
        // SAFETY: the caller promises that `err` is a place for a pointer.
        unsafe { err.write(text.into_raw()) };
    }
    code
}

/// This thread's last error.
#[unsafe(no_mangle)]
pub extern "C" fn hand_last_error() -> *const c_char {
    LAST_ERROR.with_borrow(|last| last.as_ptr())
}

/// Frees the text of an error.
///
/// # Safety
/// The text came from here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hand_free(text: *mut c_char) {
    if !text.is_null() {
        // SAFETY: the caller's promise.
        drop(unsafe { CString::from_raw(text) });
    }
}

/// Needs nothing but the runtime.
#[unsafe(no_mangle)]
pub extern "C" fn hand_add(a: i32, b: i32) -> i32 {
    catch_unwind(|| {
        super::started();
        a.wrapping_add(b)
    })
    .unwrap_or(-1)
}

/// Like [`hand_add`], but without the check for the runtime, to measure the bare cost of a call.
#[unsafe(no_mangle)]
pub extern "C" fn ungated_add(a: i32, b: i32) -> i32 {
    catch_unwind(|| a.wrapping_add(b)).unwrap_or(-1)
}

/// Uses the state.
#[unsafe(no_mangle)]
pub extern "C" fn hand_number() -> u64 {
    catch_unwind(|| super::started().engine.number.load(Ordering::Relaxed)).unwrap_or(0)
}

/// Takes a text, and can report errors. It does not check for the runtime, to measure a call that needs none.
///
/// # Safety
/// What the checks can't see: `at` points to `len` bytes, `out` and `err` to places for the results.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ungated_length(
    at: *const c_char,
    len: usize,
    out: *mut u64,
    err: *mut *mut c_char,
) -> i32 {
    let body = || {
        if out.is_null() || !out.is_aligned() {
            return fail(-8, "length: out is no place for the result", err);
        }
        let bytes = if len == 0 {
            &[]
        } else if at.is_null() || len > isize::MAX as usize {
            return fail(-8, "length: word is null or too long", err);
        } else {
            // SAFETY: the caller promises it, and it was checked as far as possible.
            unsafe { std::slice::from_raw_parts(at.cast::<u8>(), len) }
        };
        match std::str::from_utf8(bytes) {
            // SAFETY: `out` was checked above; the caller promises that it is a place for the result.
            Ok(word) => unsafe { out.write(word.len() as u64) },
            Err(_) => return fail(-9, "length: word is not valid UTF-8", err),
        }
        0
    };
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|_| fail(-3, "panicked", err))
}

/// Waits until start-up is done. Returns 0, or -1 if start-up panicked, or is not done and the timeout is 0.
#[unsafe(no_mangle)]
pub extern "C" fn hand_wait(timeout_ms: i32) -> i32 {
    if STARTED.get().is_none() && timeout_ms == 0 {
        return -1;
    }
    catch_unwind(super::started).map_or(-1, |_| 0)
}

/// Ends the runtime. Returns 0, or -1 if there is none.
#[unsafe(no_mangle)]
pub extern "C" fn hand_shutdown(timeout_ms: i32) -> i32 {
    let end = || {
        let mut kept = super::started().runtime.lock().ok()?;
        let limit = Duration::from_millis(timeout_ms.max(0) as u64);
        kept.take().map(|runtime| runtime.end(limit))
    };
    catch_unwind(end).ok().flatten().map_or(-1, |()| 0)
}
