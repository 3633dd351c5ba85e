//! Texts: the host's arguments and environment, and what a status means.

use core::ffi::{CStr, c_char, c_int};
use core::ptr::null;

use rt0_core::Status;
use rt0_core::args::{self, Texts};

rt0_core::define_function!("rt0_arguments", crate::texts::rt0_arguments);
rt0_core::define_function!("rt0_environment", crate::texts::rt0_environment);
rt0_core::define_function!("rt0_variable", crate::texts::rt0_variable);
rt0_core::define_function!("rt0_status_text", crate::texts::rt0_status_text);

/// The sentence for a code that a function of `rt0.h` may return.
pub const fn of_status(code: c_int) -> &'static CStr {
    match Status::from_code(code) {
        Some(status) => status.c_text(),
        None if code == 0 => c"success",
        None => c"the library's own error",
    }
}

/// `rt0_status_text(code)`
extern "C" fn rt0_status_text(code: c_int) -> *const c_char {
    of_status(code).as_ptr()
}

/// `rt0_arguments(texts, room)`
unsafe extern "C" fn rt0_arguments(out: *mut *const c_char, room: usize) -> usize {
    args::capture(None);
    // SAFETY: our caller's promise, as `rt0.h` has it.
    unsafe { give(args::arguments(), out, room) }
}

/// `rt0_environment(texts, room)`
unsafe extern "C" fn rt0_environment(out: *mut *const c_char, room: usize) -> usize {
    args::capture(None);
    // SAFETY: our caller's promise, as `rt0.h` has it.
    unsafe { give(args::environment(), out, room) }
}

/// # Safety
/// `out` is null, or a place for `room` pointers.
unsafe fn give(texts: Texts, out: *mut *const c_char, room: usize) -> usize {
    // No slice of them: C has written nothing there yet, and `room` may be the largest number there is.
    let room = if out.is_null() { 0 } else { room };
    for (at, text) in texts.clone().take(room).enumerate() {
        // SAFETY: our caller's promise. Each text stands with its zero in the copy.
        unsafe { out.add(at).write(text.as_ptr().cast()) };
    }
    texts.count()
}

/// `rt0_variable(name)`
unsafe extern "C" fn rt0_variable(name: *const c_char) -> *const c_char {
    if name.is_null() {
        return null();
    }
    args::capture(None);
    // SAFETY: a text: `rt0.h` says so.
    let name = unsafe { CStr::from_ptr(name) };
    // With its zero, as above.
    args::variable(name.to_bytes()).map_or(null(), |value| value.as_ptr().cast())
}
