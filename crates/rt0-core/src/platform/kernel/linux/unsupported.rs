//! Any other processor: the names that the rest of the crate needs, so that the error in `kernel` stays the
//! only one.

use core::ffi::c_void;

use super::ThreadEntry;
use super::syscall::Argument;

pub const LARGEST_PAGE: usize = 4096;
pub const MAP_NORESERVE: usize = 0;
pub const MMAP_IN_MEMORY: bool = false;

pub fn thread_pointer() -> usize {
    0
}

pub mod nr {
    pub const MMAP: usize = 0;
    pub const MUNMAP: usize = 0;
    pub const MPROTECT: usize = 0;
    pub const MADVISE: usize = 0;
    pub const FUTEX: usize = 0;
    pub const CLOCK_GETTIME: usize = 0;
    pub const NANOSLEEP: usize = 0;
    pub const OPENAT: usize = 0;
    pub const READ: usize = 0;
    pub const CLOSE: usize = 0;
    pub const GETPID: usize = 0;
    pub const GETTID: usize = 0;
    pub const PRCTL: usize = 0;
    pub const RT_SIGACTION: usize = 0;
    pub const RT_SIGPROCMASK: usize = 0;
    pub const SCHED_YIELD: usize = 0;
    pub const MEMBARRIER: usize = 0;
    pub const CLONE: usize = 0;
    pub const SET_TID_ADDRESS: usize = 0;
    pub const EXIT: usize = 0;
    pub const FUTEX_TIME64: usize = 0;
    pub const CLOCK_GETTIME64: usize = 0;
}

pub unsafe fn syscall(_: usize, _: [Argument; 6]) -> isize {
    -1
}

pub fn trap() -> ! {
    loop {}
}

pub unsafe extern "C" fn call_on_stack(
    _: *mut c_void,
    _: unsafe extern "C" fn(*mut c_void),
    _: *mut u8,
) {
}

pub const POINTER_AT: usize = 0;

pub unsafe fn clone(
    _: usize,
    _: usize,
    _: usize,
    _: usize,
    _: ThreadEntry,
    _: *mut c_void,
) -> isize {
    -1
}

pub unsafe fn unmap_and_exit(_: usize, _: usize) -> ! {
    loop {}
}
