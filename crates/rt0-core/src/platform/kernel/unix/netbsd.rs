//! NetBSD, from 10 on.

use core::ffi::{CStr, c_char, c_int};
use core::ptr::{null, null_mut};
use core::sync::atomic::AtomicU32;

use super::proc_args::read;
use super::{error, process_id, timespec};
use crate::sabotage;

pub const PTHREAD_CANCEL_DISABLE: c_int = 1;
pub const MAP_STACK: c_int = 0;

/// From `<dlfcn.h>`.
pub const RTLD_NODELETE: c_int = 0x1000;

pub const TAKES_FORK_HANDLERS_BACK: bool = false;

/// The program itself. The loader runs constructors without its lock, so nothing waits long.
pub const BARRIER_OPENS: Option<*const c_char> = Some(null());

pub type SignalMask = u128;

/// `__futex` of its `syscalls.master`, from 10 on. The C library has only `syscall` for it.
const SYS_FUTEX: c_int = 166;

pub unsafe fn errno_location() -> *mut c_int {
    // SAFETY: the C library's own function, which takes nothing.
    unsafe { libc::__errno() }
}

/// The loader passes them nothing.
pub fn constructors_get_arguments(_: impl FnOnce() -> bool) -> bool {
    false
}

pub fn futex_wait(word: &AtomicU32, seen: u32, deadline: Option<u64>) -> bool {
    let deadline = deadline.filter(|_| !sabotage::NO_DEADLINE);
    let until = deadline.map(timespec);
    // SAFETY: the word and the time outlive the call, which only reads them. The arguments are those of
    // Linux, but the second value has its own place: word, operation, value, time, word, value, bits. As on
    // Linux, this operation's time is a point on the monotonic clock (NetBSD's `sys_futex.c`).
    let result = unsafe {
        libc::syscall(
            SYS_FUTEX,
            word.as_ptr(),
            libc::FUTEX_WAIT_BITSET | libc::FUTEX_PRIVATE_FLAG,
            seen as c_int,
            until.as_ref().map_or(null(), |until| &raw const *until),
            null_mut::<c_int>(),
            0 as c_int,
            libc::FUTEX_BITSET_MATCH_ANY as c_int,
        )
    };
    !(result == -1 && error() == libc::ETIMEDOUT)
}

pub fn futex_wake_all(word: &AtomicU32) {
    // SAFETY: the kernel uses the address only as a key.
    unsafe {
        libc::syscall(
            SYS_FUTEX,
            word.as_ptr(),
            libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG,
            c_int::MAX,
            null::<libc::timespec>(),
            null_mut::<c_int>(),
            0 as c_int,
            0 as c_int,
        )
    };
}

pub fn thread_id() -> u32 {
    // SAFETY: it takes nothing and can't fail.
    unsafe { libc::_lwp_self() as u32 }
}

/// From 10 on, the first thread's id is the process's id, and no other thread in the system has that id
/// (`proc_alloc_lwpid`).
pub fn is_first_thread() -> bool {
    process_id() == Some(thread_id())
}

pub fn name_thread(name: &CStr) {
    // SAFETY: the texts end with a zero; the name is copied, as the format says.
    unsafe {
        libc::pthread_setname_np(
            libc::pthread_self(),
            c"%s".as_ptr(),
            name.as_ptr().cast_mut().cast(),
        )
    };
}

pub fn signals_of_the_c_library() -> &'static [u32] {
    &[]
}

pub unsafe fn wipe_on_fork(at: *mut u8, len: usize) -> bool {
    // SAFETY: passed on to our caller; minherit(2) changes nothing in this process.
    unsafe { libc::minherit(at.cast(), len, libc::MAP_INHERIT_ZERO) == 0 }
}

pub fn read_arguments(buffer: &mut [u8]) -> Option<usize> {
    read(libc::KERN_PROC_ARGV, buffer)
}

pub fn read_environment(buffer: &mut [u8]) -> Option<usize> {
    read(libc::KERN_PROC_ENV, buffer)
}
