//! bionic, Android's C library.
//!
//! An app's sandbox ends the process at any system call that this Android's C library does not know. So we do
//! not try newer calls.

use core::ffi::{c_int, c_void};

use super::super::signals::{SignalMask, UNBLOCKABLE};
use crate::platform::assembler::elf_only;

elf_only! {
    /// A function of the C library from Android 10 (API level 29) on. Before that it was only a macro.
    device_api_level = "android_get_device_api_level", unsafe extern "C" fn() -> c_int;
}

#[cfg(target_pointer_width = "32")]
pub const MAY_TRY_TIME64: bool = false;

pub const RTLD_DEFAULT: *mut c_void = if cfg!(target_pointer_width = "64") {
    core::ptr::null_mut()
} else {
    core::ptr::without_provenance_mut(usize::MAX)
};

/// Older linkers passed nothing (their `CallFunction`), and static programs still longer. A linker that comes
/// with a C library that has this function passes them. Otherwise we read them from /proc, unless an app may
/// not look there.
pub fn constructors_get_arguments(is_program: impl FnOnce() -> bool) -> bool {
    device_api_level().is_some() && !is_program()
}

/// Signals that bionic and Android's own services send to threads (bionic's `reserved_signals.h`). Not 32,
/// the signal of its timers, which bionic wants blocked. Older versions leave 41 to programs, as SIGRTMIN.
pub fn signals_of_the_c_library() -> &'static [u32] {
    &[33, 34, 35, 36, 37, 38, 39, 40, 41]
}

/// Such a mask looks the same as one with all the signals that a program can block.
pub fn may_be_for_a_moment(mask: SignalMask) -> bool {
    mask | 0x1ff << 31 | UNBLOCKABLE == !0
}

/// The sandbox allows membarrier(2) from Android 10 on, because Android's own runtime tries it.
pub fn may_use_membarrier() -> bool {
    device_api_level().is_some()
}
