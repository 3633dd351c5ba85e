//! What differs between C libraries: glibc, musl, or none.

use core::ffi::c_void;
use core::ptr::null_mut;

use super::{SignalMask, UNBLOCKABLE};
use crate::platform::weak_symbols;

/// Whether the newer calls with 64-bit times may be tried on a 32-bit processor.
#[cfg(target_pointer_width = "32")]
pub const MAY_TRY_TIME64: bool = true;

/// `dlsym`: look in the program and all that it is linked with.
pub const RTLD_DEFAULT: *mut c_void = null_mut();

/// Whether constructors are given argc, argv and envp. glibc does (its `call_init`); musl does not.
pub fn constructors_get_arguments(_: impl FnOnce() -> bool) -> bool {
    weak_symbols::gnu_get_libc_version().is_some()
}

/// Signals that C libraries use between threads, as for `setuid` and `pthread_cancel`. A thread that
/// blocks them makes the host's `setuid` wait for ever. musl uses one more than glibc, in which it is
/// SIGRTMIN, the host's.
pub fn signals_of_the_c_library() -> &'static [u32] {
    match weak_symbols::gnu_get_libc_version() {
        Some(_) => &[32, 33],
        None => &[32, 33, 34],
    }
}

/// Whether a mask may be one that the C library has for a moment, as in `pthread_create` and `fork`. glibc then
/// blocks its own signals too, which no program can by its functions. In musl nothing tells it from all that a
/// program can block.
pub fn may_be_for_a_moment(mask: SignalMask) -> bool {
    match weak_symbols::gnu_get_libc_version() {
        Some(_) => mask & 3 << 31 != 0,
        None => mask | 7 << 31 | UNBLOCKABLE == !0,
    }
}

/// Whether membarrier(2) may be tried.
pub fn may_use_membarrier() -> bool {
    true
}
