//! The loader's own functions, found by name when they are called.
//!
//! A symbol of this file would be looked up at every load, and hardly any load calls one of these. Each of them takes
//! the loader's lock, so whoever may call it may also wait for the lock here.

use core::ffi::{CStr, c_char, c_int, c_long, c_void};
use core::mem::transmute;
use core::ptr::NonNull;

use crate::platform::{kernel, weak_symbols};

/// POSIX `dlopen`.
pub(super) type Open = unsafe extern "C" fn(*const c_char, c_int) -> *mut c_void;
/// POSIX `dlclose`.
pub(super) type Close = unsafe extern "C" fn(*mut c_void) -> c_int;
/// `dladdr`, of glibc, musl and bionic, and on the BSDs and Apple's systems.
pub(super) type FileOf = unsafe extern "C" fn(*const c_void, *mut weak_symbols::DlInfo) -> c_int;
/// glibc's `dlmopen`: opens a library in a namespace.
pub(super) type OpenIn = unsafe extern "C" fn(c_long, *const c_char, c_int) -> *mut c_void;

/// What this symbol stands for, in the program and in everything that it and this file are linked with. Waits for the
/// loader's lock.
#[inline(never)]
pub(super) fn symbol(name: &CStr) -> Option<NonNull<c_void>> {
    // SAFETY: POSIX.
    NonNull::new(unsafe { weak_symbols::dlsym()?(kernel::RTLD_DEFAULT, name.as_ptr()) })
}

pub(super) fn open() -> Option<Open> {
    // SAFETY: POSIX's function has this type.
    symbol(c"dlopen").map(|found| unsafe { transmute::<NonNull<c_void>, Open>(found) })
}

pub(super) fn close() -> Option<Close> {
    // SAFETY: POSIX's function has this type.
    symbol(c"dlclose").map(|found| unsafe { transmute::<NonNull<c_void>, Close>(found) })
}

pub(super) fn file_of() -> Option<FileOf> {
    // SAFETY: the function has this type in each C library that has it.
    symbol(c"dladdr").map(|found| unsafe { transmute::<NonNull<c_void>, FileOf>(found) })
}

pub(super) fn open_in() -> Option<OpenIn> {
    // SAFETY: glibc's function has this type (dlmopen(3)), and only glibc has it.
    symbol(c"dlmopen").map(|found| unsafe { transmute::<NonNull<c_void>, OpenIn>(found) })
}
