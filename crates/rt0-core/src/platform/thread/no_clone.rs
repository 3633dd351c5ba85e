//! Only Linux has programs without a C library. Elsewhere no thread is made with clone(2).

use core::ffi::c_void;

use super::NoThread;
use crate::platform::weak_symbols::ThreadStart;

pub fn create(_: ThreadStart, _: *mut c_void, _: usize) -> Result<usize, NoThread> {
    Err(NoThread)
}

pub unsafe fn join(_: usize) {}

pub unsafe fn detach(_: usize) {}
