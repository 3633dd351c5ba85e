//! The library's own `getenv`.
//!
//! The linker redirects every `getenv` in this library here. While a runtime is built,
//! the answer to what tokio and std ask comes from the copy that was made at load. So does, at any time, what std asks
//! before the first thread without a stack size, which a dependency may make in init or in a call. All else, including
//! what the author's code asks, comes from the C library as usual. (Some of that code may run while a runtime is
//! built: an allocator, or a subscriber of tokio's events. What was not copied it gets as always.)

use std::cell::Cell;
use std::ffi::{CStr, c_char};
use std::ptr::null_mut;

use rt0_core::library::arguments;
use rt0_core::platform::weak_symbols;
use rt0_core::sabotage;

rt0_core::define_function!(".weak ", "__wrap_getenv", look_up);

thread_local! {
    static FROM_COPY: Cell<bool> = const { Cell::new(false) };
}

pub(crate) fn from_copy<R>(f: impl FnOnce() -> R) -> R {
    struct PutBack(bool);
    impl Drop for PutBack {
        fn drop(&mut self) {
            FROM_COPY.set(self.0);
        }
    }
    let _former = PutBack(FROM_COPY.replace(true));
    f()
}

/// What std asks for once, before the first thread that has no stack size of its own.
const OF_STD: &[u8] = b"RUST_MIN_STACK";

/// `getenv`.
unsafe extern "C" fn look_up(name: *const c_char) -> *mut c_char {
    if !sabotage::NO_OWN_GETENV {
        // SAFETY: our caller's promise to `getenv`: a C string.
        let name = unsafe { CStr::from_ptr(name) }.to_bytes();
        if (FROM_COPY.get() || name == OF_STD) && arguments::can_tell(name) {
            // Each string in the copy ends with a zero.
            return arguments::variable(name)
                .map_or(null_mut(), |value| value.as_ptr().cast_mut().cast());
        }
    }
    match weak_symbols::real_getenv() {
        // SAFETY: our caller's argument, passed on.
        Some(getenv) => unsafe { getenv(name) },
        None => null_mut(),
    }
}
