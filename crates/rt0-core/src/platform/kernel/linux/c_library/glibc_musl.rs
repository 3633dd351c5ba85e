//! glibc, musl, or no C library.

use core::ffi::c_void;
use core::ptr::null_mut;

use super::super::signals::{SignalMask, UNBLOCKABLE};
use crate::platform::weak_symbols;

#[cfg(target_pointer_width = "32")]
pub const MAY_TRY_TIME64: bool = true;

pub const RTLD_DEFAULT: *mut c_void = null_mut();

/// glibc passes them (its `call_init`); musl does not.
pub fn constructors_get_arguments(_: impl FnOnce() -> bool) -> bool {
    weak_symbols::gnu_get_libc_version().is_some()
}

/// musl uses one more than glibc. In glibc that one is SIGRTMIN, which is the host's.
pub fn signals_of_the_c_library() -> &'static [u32] {
    match weak_symbols::gnu_get_libc_version() {
        Some(_) => &[32, 33],
        None => &[32, 33, 34],
    }
}

/// In such a mask, glibc blocks its own signals too, which programs can't do with its functions. In musl,
/// such a mask looks the same as one with all the signals that a program can block.
pub fn may_be_for_a_moment(mask: SignalMask) -> bool {
    match weak_symbols::gnu_get_libc_version() {
        Some(_) => mask & 3 << 31 != 0,
        None => mask | 7 << 31 | UNBLOCKABLE == !0,
    }
}

pub fn may_use_membarrier() -> bool {
    true
}
