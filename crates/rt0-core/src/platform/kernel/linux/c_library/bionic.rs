//! bionic, Android's C library.
//!
//! The sandbox of an app ends the process when it makes a call that the C library of that Android does not
//! know. So what came later is not tried.

use core::ffi::{c_int, c_void};

use super::super::signals::{SignalMask, UNBLOCKABLE};
use crate::platform::assembler::elf_only;

elf_only! {
    /// A function of the C library from Android 10 (API level 29) on; before, only a macro.
    device_api_level = "android_get_device_api_level", unsafe extern "C" fn() -> c_int;
}

#[cfg(target_pointer_width = "32")]
pub const MAY_TRY_TIME64: bool = false;

pub const RTLD_DEFAULT: *mut c_void = if cfg!(target_pointer_width = "64") {
    core::ptr::null_mut()
} else {
    core::ptr::without_provenance_mut(usize::MAX)
};

/// Older linkers gave none (their `CallFunction`), and static programs for longer still; a linker beside a C
/// library with this function does. Where it is not known /proc has them, unless an app may not look there.
pub fn constructors_get_arguments(is_program: impl FnOnce() -> bool) -> bool {
    device_api_level().is_some() && !is_program()
}

/// Signals that bionic and Android's own services send to threads (bionic's `reserved_signals.h`), but
/// the one of its timers, 32, which it wants blocked. Older ones leave 41 to programs, as SIGRTMIN.
pub fn signals_of_the_c_library() -> &'static [u32] {
    &[33, 34, 35, 36, 37, 38, 39, 40, 41]
}

/// Nothing tells it from all that a program can block.
pub fn may_be_for_a_moment(mask: SignalMask) -> bool {
    mask | 0x1ff << 31 | UNBLOCKABLE == !0
}

/// The sandbox allows it from Android 10 on, whose own runtime tries it.
pub fn may_use_membarrier() -> bool {
    device_api_level().is_some()
}
