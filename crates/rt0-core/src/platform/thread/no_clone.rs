//! Threads without a C library: only Linux has programs without one.

use core::ffi::c_void;

use super::NoThread;
use crate::platform::weak_symbols::ThreadStart;

pub fn create(_: ThreadStart, _: *mut c_void, _: usize) -> Result<usize, NoThread> {
    Err(NoThread)
}

/// # Safety
/// There is nothing to be joined.
pub unsafe fn join(_: usize) {}

/// # Safety
/// There is nothing to be detached.
pub unsafe fn detach(_: usize) {}
