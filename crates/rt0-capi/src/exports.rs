//! Every function of `rt0.h`, in its order there. Each is a few lines over the module that does the work.
//!
//! `define_function!` gives each its name in C, hidden: two such libraries in one process do not see each
//! other's. `rt0.h` says what C promises about each argument.

use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr::null;

use rt0_core::library::arguments;
use rt0_core::platform::weak_symbols::ThreadStart;
use rt0_core::{Status, fork, generation};

use crate::library::library;
use crate::table::table;
use crate::{attach, end, failure, gate, notify, texts, thread};

fn code(result: Result<(), Status>) -> c_int {
    result.map_or_else(Status::code, |()| 0)
}

rt0_core::define_function!("rt0_status_text", crate::exports::rt0_status_text);

/// `rt0_status_text(code)`
extern "C" fn rt0_status_text(code: c_int) -> *const c_char {
    texts::of_status(code).as_ptr()
}

rt0_core::define_function!("rt0_notify", crate::exports::rt0_notify);

/// `rt0_notify(boot, code, text)`
unsafe extern "C" fn rt0_notify(boot: u32, code: c_int, text: *const c_char) -> c_int {
    // SAFETY: `rt0.h` requires null or a text.
    let text = (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) });
    if notify::notify(boot, code, text) {
        0
    } else {
        Status::InvalidHandle.code()
    }
}

rt0_core::define_function!("rt0_wait_closed", crate::exports::rt0_wait_closed);

/// The cold half of `rt0_wait(timeout_ms)`.
extern "C" fn rt0_wait_closed(timeout_ms: c_int) -> c_int {
    code(gate::pass(library(), timeout_ms))
}

rt0_core::define_function!("rt0_enter", crate::exports::rt0_enter);

/// `rt0_enter(timeout_ms)`
extern "C" fn rt0_enter(timeout_ms: c_int) -> c_int {
    match gate::pass(library(), timeout_ms) {
        Ok(()) => attach::attach(table()),
        Err(status) => status.code(),
    }
}

rt0_core::define_function!("rt0_own_thread", crate::exports::rt0_own_thread);

/// `rt0_own_thread()`
extern "C" fn rt0_own_thread() -> c_int {
    if attach::mark_own_thread() {
        0
    } else {
        Status::NoMemory.code()
    }
}

rt0_core::define_function!("rt0_is_done", crate::exports::rt0_is_done);

/// `rt0_is_done()`
extern "C" fn rt0_is_done() -> c_int {
    gate::is_done().into()
}

rt0_core::define_function!("rt0_start", crate::exports::rt0_start);

/// `rt0_start()`
extern "C" fn rt0_start() -> c_int {
    code(rt0_core::start(library()))
}

rt0_core::define_function!("rt0_shutdown", crate::exports::rt0_shutdown);

/// `rt0_shutdown(timeout_ms)`
extern "C" fn rt0_shutdown(timeout_ms: c_int) -> c_int {
    let library = library();
    let deadline = gate::deadline(library, timeout_ms);
    code(deadline.and_then(|deadline| end::shut_down(library, deadline)))
}

rt0_core::define_function!("rt0_boot_error", crate::exports::rt0_boot_error);

/// `rt0_boot_error(code, text, room)`
unsafe extern "C" fn rt0_boot_error(code: *mut c_int, text: *mut c_char, room: usize) -> usize {
    let mut kept = [0; failure::ROOM];
    let (found, whole) = failure::kept(&mut kept);
    // SAFETY: `rt0.h` requires null or `room` writable bytes.
    unsafe { texts::give(whole, text.cast(), room) };
    if !code.is_null() {
        // SAFETY: `rt0.h` requires a place for a number.
        unsafe { *code = found };
    }
    whole.len()
}

rt0_core::define_function!(
    "rt0_generation_number",
    crate::exports::rt0_generation_number
);

/// `rt0_generation_number()`
extern "C" fn rt0_generation_number() -> u32 {
    generation::number()
}

rt0_core::define_function!("rt0_is_forks_child", crate::exports::rt0_is_forks_child);

/// `rt0_is_forks_child()`
extern "C" fn rt0_is_forks_child() -> c_int {
    fork::is_child().into()
}

rt0_core::define_function!("rt0_arguments", crate::exports::rt0_arguments);

/// `rt0_arguments(texts, room)`
unsafe extern "C" fn rt0_arguments(out: *mut *const c_char, room: usize) -> usize {
    arguments::capture_late();
    // SAFETY: our caller promises it, as `rt0.h` requires.
    unsafe { texts::give_all(arguments::arguments(), out, room) }
}

rt0_core::define_function!("rt0_environment", crate::exports::rt0_environment);

/// `rt0_environment(texts, room)`
unsafe extern "C" fn rt0_environment(out: *mut *const c_char, room: usize) -> usize {
    arguments::capture_late();
    // SAFETY: our caller promises it, as `rt0.h` requires.
    unsafe { texts::give_all(arguments::environment(), out, room) }
}

rt0_core::define_function!("rt0_variable", crate::exports::rt0_variable);

/// `rt0_variable(name)`
unsafe extern "C" fn rt0_variable(name: *const c_char) -> *const c_char {
    if name.is_null() {
        return null();
    }
    arguments::capture_late();
    // SAFETY: `rt0.h` requires a text.
    let name = unsafe { CStr::from_ptr(name) };
    // In the copy, each value is followed by a zero.
    arguments::variable(name.to_bytes()).map_or(null(), |value| value.as_ptr().cast())
}

rt0_core::define_function!("rt0_thread_create", crate::exports::rt0_thread_create);

/// `rt0_thread_create(start, data, stack_size, thread)`
unsafe extern "C" fn rt0_thread_create(
    start: Option<ThreadStart>,
    data: *mut c_void,
    stack_size: usize,
    thread: *mut usize,
) -> c_int {
    let Some(start) = start else {
        return Status::InvalidArgument.code();
    };
    match thread::create(start, data, stack_size) {
        Ok(handle) => {
            if thread.is_null() {
                // SAFETY: the handle is new, and nothing else has it.
                unsafe { rt0_core::platform::thread::detach(handle) };
            } else {
                // SAFETY: `rt0.h` requires a place for a handle.
                unsafe { *thread = handle };
            }
            0
        }
        Err(status) => status.code(),
    }
}

rt0_core::define_function!("rt0_thread_join", crate::exports::rt0_thread_join);

/// `rt0_thread_join(thread)`
unsafe extern "C" fn rt0_thread_join(handle: usize) {
    // SAFETY: our caller promises it, as `rt0.h` requires.
    unsafe { rt0_core::platform::thread::join(handle) }
}

rt0_core::define_function!("rt0_thread_detach", crate::exports::rt0_thread_detach);

/// `rt0_thread_detach(thread)`
unsafe extern "C" fn rt0_thread_detach(handle: usize) {
    // SAFETY: our caller promises it, as `rt0.h` requires.
    unsafe { rt0_core::platform::thread::detach(handle) }
}

rt0_core::define_function!(
    "rt0_thread_without_libc",
    crate::exports::rt0_thread_without_libc
);

/// `rt0_thread_without_libc(start, data, stack_size)`
extern "C" fn rt0_thread_without_libc(
    start: Option<ThreadStart>,
    data: *mut c_void,
    stack_size: usize,
) -> c_int {
    match start {
        Some(start) => code(thread::create_without_libc(start, data, stack_size)),
        None => Status::InvalidArgument.code(),
    }
}
