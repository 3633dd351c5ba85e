//! FreeBSD, OpenBSD, NetBSD and macOS, by the functions of the C library. These systems do not keep their
//! system calls stable, and OpenBSD ends a process that makes them from anywhere but its C library. The
//! declarations are from the crate `libc`.
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

cfg_select! {
    target_os = "freebsd" => { use self::freebsd as os; }
    target_os = "macos" => { use self::macos as os; }
    target_os = "netbsd" => { use self::netbsd as os; }
    target_os = "openbsd" => { use self::openbsd as os; }
}

// Checks what `weak_symbols` and `thread` assume about the C library.
mod layout;

// The process's arguments, for systems whose constructors get none and that allow this query.
#[cfg(target_os = "netbsd")]
mod proc_args;

use core::ffi::{c_int, c_void};
use core::mem::{MaybeUninit, size_of};
use core::ptr::null_mut;

pub use self::os::{
    BARRIER_OPENS, PTHREAD_CANCEL_DISABLE, RTLD_NODELETE, SignalMask, TAKES_FORK_HANDLERS_BACK,
    constructors_get_arguments, futex_wait, futex_wake_all, is_first_thread, name_thread,
    read_arguments, read_environment, signals_of_the_c_library, thread_id, wipe_on_fork,
};
pub use super::processor::{LARGEST_PAGE, call_on_stack};

// What a system's file provides for this file, besides what `kernel/contract.rs` describes.
contract! { os:
    /// `mmap`: the memory is for a stack. 0 on systems that need no such flag.
    const MAP_STACK: c_int;
    /// The address of the calling thread's `errno`.
    ///
    /// # Safety
    /// Only the calling thread reads or writes there.
    unsafe fn errno_location() -> *mut c_int;
}

pub const RTLD_LAZY: c_int = libc::RTLD_LAZY;
pub const RTLD_NOLOAD: c_int = libc::RTLD_NOLOAD;
pub const RTLD_DEFAULT: *mut c_void = libc::RTLD_DEFAULT;

pub const FAULTS: &[u32] = &[
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
    // SAFETY: the C library's `errno`, which every thread has, read by that thread.
    unsafe { *os::errno_location() }
}

/// A length of time, or the point of time that is this far from the clock's zero.
fn timespec(nanos: u64) -> libc::timespec {
    libc::timespec {
        tv_sec: (nanos / 1_000_000_000) as libc::time_t,
        tv_nsec: (nanos % 1_000_000_000) as _,
    }
}

pub fn monotonic() -> u64 {
    let mut now = timespec(0);
    // SAFETY: POSIX; `now` is a timespec.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut now) };
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

pub fn process_id() -> Option<u32> {
    // SAFETY: POSIX; it can't fail.
    Some(unsafe { libc::getpid() as u32 })
}

pub fn thread_pointer() -> usize {
    // SAFETY: POSIX; it can't fail.
    unsafe { libc::pthread_self() as usize }
}

pub fn this_thread() -> usize {
    thread_pointer()
}

pub const fn is_without_libc() -> bool {
    false
}

pub fn has_more_rights() -> bool {
    // SAFETY: it takes nothing and can't fail.
    unsafe { libc::issetugid() != 0 }
}

/// Empty: `abort` of these C libraries unblocks SIGABRT before raising it.
pub const ABORT: SignalMask = 0;

/// Empty: these systems do not tell what the first thread blocks.
pub const COLLECTORS: SignalMask = 0;

/// Likewise.
pub const USR: SignalMask = 0;

pub fn block_signals(mask: SignalMask) -> SignalMask {
    change_signal_mask(libc::SIG_BLOCK, mask)
}

pub fn unblock_signals(mask: SignalMask) -> SignalMask {
    change_signal_mask(libc::SIG_UNBLOCK, mask)
}

pub fn set_signal_mask(mask: SignalMask) -> SignalMask {
    change_signal_mask(libc::SIG_SETMASK, mask)
}

fn change_signal_mask(how: c_int, mask: SignalMask) -> SignalMask {
    const { assert!(size_of::<SignalMask>() == size_of::<libc::sigset_t>()) };
    let mut former = MaybeUninit::<SignalMask>::zeroed();
    // SAFETY: POSIX. A sigset_t of each of these systems is bits, with signal 1 the lowest, in 32-bit words
    // with the first signals in the first word. On these processors that is the same as one integer. All
    // zeros is a valid value.
    unsafe {
        libc::pthread_sigmask(how, (&raw const mask).cast(), former.as_mut_ptr().cast());
        former.assume_init()
    }
}

/// Nobody calls it: see [`COLLECTORS`].
pub fn is_caught(_: u32) -> bool {
    false
}

pub fn may_be_for_a_moment(_: SignalMask) -> bool {
    false
}

/// These systems do not tell.
pub fn first_threads_mask() -> Option<SignalMask> {
    None
}

pub fn give_way() {
    // SAFETY: POSIX.
    unsafe { libc::sched_yield() };
}

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

pub fn map_written(len: usize) -> Option<*mut u8> {
    map(len)
}

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

/// The system reserves no memory for addresses without access rights.
pub fn has_room(len: usize) -> bool {
    // SAFETY: as in `map`; unmapped at once, and nobody else knows it.
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

pub unsafe fn unmap(at: *mut u8, len: usize) {
    // SAFETY: passed on to our caller.
    unsafe { libc::munmap(at.cast(), len) };
}

pub unsafe fn forbid(at: *mut u8, len: usize) -> bool {
    // SAFETY: passed on to our caller.
    unsafe { libc::mprotect(at.cast(), len, libc::PROT_NONE) == 0 }
}

pub fn can_fence_all_threads() -> bool {
    false
}

pub fn prepare_to_fence_all_threads() {}

/// None of these systems has this in all of its releases.
pub fn fence_all_threads() -> bool {
    false
}
