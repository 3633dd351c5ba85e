//! FreeBSD, OpenBSD, NetBSD and macOS, by the functions of the C library: these systems promise nothing
//! about their system calls, and OpenBSD ends a process that makes them elsewhere. The declarations are
//! those of the crate `libc`.
//!
//! One file per system, all with the same names in the same order.

#[cfg(target_os = "freebsd")]
mod freebsd;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "netbsd")]
mod netbsd;
#[cfg(target_os = "openbsd")]
mod openbsd;

#[cfg(target_os = "freebsd")]
use self::freebsd as os;
#[cfg(target_os = "macos")]
use self::macos as os;
#[cfg(target_os = "netbsd")]
use self::netbsd as os;
#[cfg(target_os = "openbsd")]
use self::openbsd as os;

// What `weak` and `thread` say of the C library, held against the declarations.
mod layout;

// The process's arguments, for those whose constructors are given none and that may ask.
#[cfg(target_os = "netbsd")]
mod proc_args;

use core::ffi::{c_int, c_void};
use core::mem::{MaybeUninit, size_of};
use core::ptr::null_mut;

pub use self::os::{
    FOR_THE_BARRIER, RTLD_NODELETE, SignalMask, TAKES_FORK_HANDLERS_BACK,
    constructors_get_arguments, futex_wait, futex_wake_all, is_first_thread, name_thread,
    read_arguments, read_environment, signals_of_the_c_library, thread_id, wipe_on_fork,
};
pub use super::processor::{LARGEST_PAGE, call_on_stack};

/// `dlopen`: bind what is called when it is called.
pub const RTLD_LAZY: c_int = libc::RTLD_LAZY;
/// `dlopen`: only what is loaded already.
pub const RTLD_NOLOAD: c_int = libc::RTLD_NOLOAD;
/// `dlsym`: look in the program and all that it is linked with.
pub const RTLD_DEFAULT: *mut c_void = libc::RTLD_DEFAULT;
/// `pthread_setcancelstate`: no cancellation. Not the same number everywhere.
pub const PTHREAD_CANCEL_DISABLE: c_int = os::PTHREAD_CANCEL_DISABLE;

/// Signals that a thread causes by what it does: the host's crash reporter wants them.
pub const FAULTS: [u32; 7] = [
    libc::SIGILL as u32,
    libc::SIGTRAP as u32,
    libc::SIGEMT as u32,
    libc::SIGFPE as u32,
    libc::SIGBUS as u32,
    libc::SIGSEGV as u32,
    libc::SIGSYS as u32,
];

/// The error of the call that has just failed on this thread.
fn error() -> c_int {
    // SAFETY: the C library's own place for it, which every thread has.
    unsafe { *os::errno_location() }
}

/// A time of this length, or a point of time that is so far from the clock's zero.
fn timespec(nanos: u64) -> libc::timespec {
    libc::timespec {
        tv_sec: (nanos / 1_000_000_000) as libc::time_t,
        tv_nsec: (nanos % 1_000_000_000) as _,
    }
}

/// Now, in nanoseconds of `CLOCK_MONOTONIC`.
pub fn monotonic() -> u64 {
    let mut now = timespec(0);
    // SAFETY: POSIX; `now` is a timespec.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut now) };
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// This process's id. `None`: not to be had, which does not happen here.
pub fn process_id() -> Option<u32> {
    // SAFETY: POSIX; it can't fail.
    Some(unsafe { libc::getpid() as u32 })
}

/// What a thread is known by: no other thread of the process has the same, and a fork's child keeps it.
pub fn thread_pointer() -> usize {
    // SAFETY: POSIX; it can't fail.
    unsafe { libc::pthread_self() as usize }
}

/// The same.
pub fn this_thread() -> usize {
    thread_pointer()
}

/// Whether the process has no C library: only Linux has such programs.
pub const fn is_without_libc() -> bool {
    false
}

/// Whether this process may do more than the one that has started it: the environment is then under
/// the control of somebody with fewer rights.
pub fn has_more_rights() -> bool {
    // SAFETY: it takes nothing and can't fail.
    unsafe { libc::issetugid() != 0 }
}

/// None that would have to be open for a host's handler to run: `abort` of these C libraries unblocks SIGABRT
/// before it raises it.
pub const ABORT: SignalMask = 0;

/// None: nobody could tell what the first thread blocks.
pub const COLLECTORS: SignalMask = 0;

/// Likewise.
pub const USR: SignalMask = 0;

/// Adds to the calling thread's signal mask and returns the former one.
pub fn block_signals(mask: SignalMask) -> SignalMask {
    change_signal_mask(libc::SIG_BLOCK, mask)
}

/// Takes away from the calling thread's signal mask and returns the former one.
pub fn unblock_signals(mask: SignalMask) -> SignalMask {
    change_signal_mask(libc::SIG_UNBLOCK, mask)
}

/// Replaces the calling thread's signal mask and returns the former one.
pub fn set_signal_mask(mask: SignalMask) -> SignalMask {
    change_signal_mask(libc::SIG_SETMASK, mask)
}

fn change_signal_mask(how: c_int, mask: SignalMask) -> SignalMask {
    const { assert!(size_of::<SignalMask>() == size_of::<libc::sigset_t>()) };
    let mut former = MaybeUninit::<SignalMask>::zeroed();
    // SAFETY: POSIX. A sigset_t of each of these systems is bits, the first signal the lowest, in words
    // of 32 with the first signals in the first: on these processors that is the number itself. All
    // zeros is one.
    unsafe {
        libc::pthread_sigmask(how, (&raw const mask).cast(), former.as_mut_ptr().cast());
        former.assume_init()
    }
}

/// Whether the process has a handler for this signal. Nobody asks: see [`COLLECTORS`].
pub fn is_caught(_: u32) -> bool {
    false
}

/// Whether a mask may be one that the C library has for a moment.
pub fn may_be_for_a_moment(_: SignalMask) -> bool {
    false
}

/// What the thread that the process began with blocks: these systems have no way to ask.
pub fn first_threads_mask() -> Option<SignalMask> {
    None
}

/// Fresh zeroed memory of `len` bytes, or nothing when there is none.
pub fn map(len: usize) -> Option<*mut u8> {
    // SAFETY: without MAP_FIXED the kernel chooses an address that nothing else uses.
    let at = unsafe {
        libc::mmap(
            null_mut(),
            len,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANON,
            -1,
            0,
        )
    };
    (at != libc::MAP_FAILED).then_some(at.cast())
}

/// Fresh memory for a stack.
pub fn map_stack(len: usize) -> Option<*mut u8> {
    // SAFETY: as in `map`.
    let at = unsafe {
        libc::mmap(
            null_mut(),
            len,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANON | os::MAP_STACK,
            -1,
            0,
        )
    };
    (at != libc::MAP_FAILED).then_some(at.cast())
}

/// Whether `len` bytes of addresses are free. No memory is set aside for them: nobody may use them.
pub fn has_room(len: usize) -> bool {
    // SAFETY: as in `map`; given back at once, and nobody was told of it.
    unsafe {
        let at = libc::mmap(
            null_mut(),
            len,
            libc::PROT_NONE,
            libc::MAP_PRIVATE | libc::MAP_ANON,
            -1,
            0,
        );
        at != libc::MAP_FAILED && libc::munmap(at, len) == 0
    }
}

/// Gives memory back.
///
/// # Safety
/// `at` and `len` are a whole mapping of [`map`] or [`map_stack`], and nothing points into it any more.
pub unsafe fn unmap(at: *mut u8, len: usize) {
    // SAFETY: passed on to our caller.
    unsafe { libc::munmap(at.cast(), len) };
}

/// Takes all access to `len` bytes at `at` away. False when the kernel refuses.
///
/// # Safety
/// Whole pages of a mapping of [`map`], which nothing uses.
pub unsafe fn forbid(at: *mut u8, len: usize) -> bool {
    // SAFETY: passed on to our caller.
    unsafe { libc::mprotect(at.cast(), len, libc::PROT_NONE) == 0 }
}

/// Whether [`fence_all_threads`] can be had in this process.
pub fn can_fence_all_threads() -> bool {
    false
}

/// A full memory fence on every thread of this process: none of these systems has it for all of its
/// releases, so calls make their own.
pub fn fence_all_threads() -> bool {
    false
}

/// A null pointer of the kind that thread functions return.
pub const NOTHING: *mut c_void = null_mut();
