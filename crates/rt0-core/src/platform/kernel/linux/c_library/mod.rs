//! What we state about the C library without its headers: the numbers that all of Linux's C libraries share,
//! and one file for each group that differs in more.

#[cfg(target_os = "android")]
mod bionic;
#[cfg(not(target_os = "android"))]
mod glibc_musl;

cfg_select! {
    target_os = "android" => { use self::bionic as this; }
    _ => { use self::glibc_musl as this; }
}

use core::ffi::{c_char, c_int, c_void};

use super::signals::SignalMask;

contract! { pub use this:
    pub const RTLD_DEFAULT: *mut c_void;
    pub fn signals_of_the_c_library() -> &'static [u32];
    pub fn may_be_for_a_moment(mask: SignalMask) -> bool;
    /// Whether membarrier(2) may be tried.
    pub fn may_use_membarrier() -> bool;
}
// `kernel/contract.rs` checks its signature.
pub use self::this::constructors_get_arguments;

#[cfg(target_pointer_width = "32")]
contract! { pub use this:
    /// Whether the newer calls, with 64-bit times, may be tried.
    pub const MAY_TRY_TIME64: bool;
}

pub const RTLD_LAZY: c_int = 1;
pub const RTLD_NOLOAD: c_int = 4;
pub const RTLD_NODELETE: c_int = 0x1000;
pub const PTHREAD_CANCEL_DISABLE: c_int = 1;

/// glibc and bionic are told which file the handlers are in; musl unmaps nothing.
pub const TAKES_FORK_HANDLERS_BACK: bool = true;

/// `dlsym` takes the lock of `dlopen`.
pub const BARRIER_OPENS: Option<*const c_char> = None;
