//! FreeBSD, from 12 on.

use core::ffi::{CStr, c_char, c_int, c_ulong};
use core::mem::size_of;
use core::ptr::{null, null_mut, without_provenance_mut};
use core::sync::atomic::AtomicU32;

use super::{error, timespec};
use crate::sabotage;

pub const PTHREAD_CANCEL_DISABLE: c_int = 1;
pub const MAP_STACK: c_int = 0;

pub const RTLD_NODELETE: c_int = libc::RTLD_NODELETE;

/// FreeBSD removes them when it unmaps a file (its `__pthread_cxa_finalize`).
pub const TAKES_FORK_HANDLERS_BACK: bool = true;

/// The program itself. The loader runs constructors without its lock, so nothing waits long.
pub const BARRIER_OPENS: Option<*const c_char> = Some(null());

pub type SignalMask = u128;

pub unsafe fn errno_location() -> *mut c_int {
    // SAFETY: the C library's own function, which takes nothing.
    unsafe { libc::__error() }
}

/// The loader (its `call_init_pointer`) and the start files pass argc, argv and envp.
pub fn constructors_get_arguments(_: impl FnOnce() -> bool) -> bool {
    true
}

pub fn futex_wait(word: &AtomicU32, seen: u32, deadline: Option<u64>) -> bool {
    let deadline = deadline.filter(|_| !sabotage::NO_DEADLINE);
    let mut until = deadline.map(|nanos| libc::_umtx_time {
        _timeout: timespec(nanos),
        _flags: libc::UMTX_ABSTIME,
        _clockid: libc::CLOCK_MONOTONIC as u32,
    });
    let size = until.map_or(0, |_| size_of::<libc::_umtx_time>());
    let until = until.as_mut().map_or(null_mut(), |until| &raw mut *until);
    // SAFETY: _umtx_op(2); the word and the time outlive the call, which only reads them. Its fourth
    // argument is the size of the fifth.
    let result = unsafe {
        libc::_umtx_op(
            word.as_ptr().cast(),
            libc::UMTX_OP_WAIT_UINT_PRIVATE,
            seen as c_ulong,
            without_provenance_mut(size),
            until.cast(),
        )
    };
    !(result == -1 && error() == libc::ETIMEDOUT)
}

pub fn futex_wake_all(word: &AtomicU32) {
    // SAFETY: _umtx_op(2) uses the address only as a key.
    unsafe {
        libc::_umtx_op(
            word.as_ptr().cast(),
            libc::UMTX_OP_WAKE_PRIVATE,
            i32::MAX as c_ulong,
            null_mut(),
            null_mut(),
        )
    };
}

pub fn thread_id() -> u32 {
    // SAFETY: it takes nothing and can't fail.
    unsafe { libc::pthread_getthreadid_np() as u32 }
}

pub fn is_first_thread() -> bool {
    // SAFETY: it takes nothing.
    unsafe { libc::pthread_main_np() == 1 }
}

pub fn name_thread(name: &CStr) {
    // SAFETY: the name ends with a zero; it is copied.
    unsafe { libc::pthread_set_name_np(libc::pthread_self(), name.as_ptr()) };
}

/// SIGTHR, SIGLIBRT.
pub fn signals_of_the_c_library() -> &'static [u32] {
    &[32, 33]
}

pub unsafe fn wipe_on_fork(at: *mut u8, len: usize) -> bool {
    // SAFETY: passed on to our caller; minherit(2) changes nothing in this process.
    unsafe { libc::minherit(at.cast(), len, libc::INHERIT_ZERO) == 0 }
}

/// Constructors get them. A library whose constructor has not run has none.
pub fn read_arguments(_: &mut [u8]) -> Option<usize> {
    None
}

pub fn read_environment(_: &mut [u8]) -> Option<usize> {
    None
}
