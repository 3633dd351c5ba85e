//! The library's own `dlsym`, for the lookups that std makes when it starts a thread, and `getrandom` for its first
//! number.
//!
//! The first time std makes a thread, it looks up a function of glibc's that gives the minimum stack size. The crate
//! `getrandom`, which `uuid`, `rand` and so many others use, looks up the function of that name. A lookup takes the
//! loader lock, so it would block while some thread is inside a `dlopen`. So the first is looked up in advance by the
//! constructor, while its own thread holds the lock, and the second by the loader, for a symbol of this library's. The
//! linker redirects every `dlsym` in this library here. All other lookups go to the C library.

use std::ffi::{CStr, c_char, c_void};
use std::ptr::null_mut;

use rt0_core::platform::{kernel, loader, weak_symbols};
use rt0_core::sabotage;

rt0_core::define_function!(".weak ", "__wrap_dlsym", look_up);

/// `dlsym`.
unsafe extern "C" fn look_up(handle: *mut c_void, name: *const c_char) -> *mut c_void {
    if handle == kernel::RTLD_DEFAULT && !name.is_null() && !sabotage::NO_LOOK_AHEAD {
        // SAFETY: our caller's promise to `dlsym`: a C string.
        let known = loader::prefetched(unsafe { CStr::from_ptr(name) });
        if let Some(known) = known {
            return known;
        }
    }
    match weak_symbols::real_dlsym() {
        // SAFETY: our caller's arguments, passed on. The C library uses the caller's address only to find the
        // calling file, which is the same.
        Some(dlsym) => unsafe { dlsym(handle, name) },
        None => null_mut(),
    }
}
