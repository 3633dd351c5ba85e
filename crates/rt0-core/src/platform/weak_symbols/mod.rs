//! Symbols that may or may not be there.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
pub use self::unix::*;
#[cfg(windows)]
pub use self::windows::*;

/// What a thread starts.
pub type ThreadStart = extern "C" fn(*mut core::ffi::c_void) -> *mut core::ffi::c_void;
