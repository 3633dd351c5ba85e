//! What std asks the loader for when it starts a thread: a `dlsym` of the library's own.
//!
//! The first time that std makes a thread it looks up a function of glibc's that tells how small a stack
//! may be. That takes the loader lock: while some thread is inside a `dlopen`, no thread would be made.
//! So the constructor has looked it up already, when the lock was its own thread's, and `cargo rt0 build`
//! has the linker lead every `dlsym` in this library here. All other questions go to the C library.

use std::ffi::{CStr, c_char, c_void};
use std::ptr::null_mut;

use rt0_core::platform::{kernel, loader, weak_symbols};
use rt0_core::sabotage;

rt0_core::define_function!("rt0_dlsym", look_up);

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
        // SAFETY: our caller's arguments, passed on. The C library looks at who calls it only to find
        // the file: it is the same.
        Some(dlsym) => unsafe { dlsym(handle, name) },
        None => null_mut(),
    }
}
