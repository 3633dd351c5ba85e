//! OpenBSD.

use core::ffi::{CStr, c_char, c_int};
use core::ptr::{null, null_mut};
use core::sync::atomic::AtomicU32;

use super::proc_args::read;
use super::{error, monotonic, timespec};
use crate::sabotage;
use crate::sync::Waited;

pub const PTHREAD_CANCEL_DISABLE: c_int = 1;
/// The kernel ends a process whose stack pointer leads elsewhere.
pub const MAP_STACK: c_int = libc::MAP_STACK;

/// `dlopen`: never unmap it.
pub const RTLD_NODELETE: c_int = libc::RTLD_NODELETE;

/// What the loader barrier opens; null: the program itself.
pub const FOR_THE_BARRIER: *const c_char = null();

/// A set of signals: the first is the lowest bit.
pub type SignalMask = u32;

pub unsafe fn errno_location() -> *mut c_int {
    // SAFETY: the C library's own.
    unsafe { libc::__errno() }
}

/// The loader does not promise it.
pub fn constructors_get_arguments() -> bool {
    false
}

/// Sleeps while `word` is `seen`, at most until `deadline` on the monotonic clock.
pub fn futex_wait(word: &AtomicU32, seen: u32, deadline: Option<u64>) -> Waited {
    let deadline = deadline.filter(|_| !sabotage::NO_DEADLINE);
    // Here it is a length of time.
    let left = deadline.map(|nanos| timespec(nanos.saturating_sub(monotonic())));
    // SAFETY: futex(2); the word and the time outlive the call, which only reads them.
    let result = unsafe {
        libc::futex(
            word.as_ptr(),
            libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG,
            seen as c_int,
            left.as_ref().map_or(null(), |left| &raw const *left),
            null_mut(),
        )
    };
    if result == -1 && error() == libc::ETIMEDOUT {
        Waited::TimedOut
    } else {
        Waited::LookAgain
    }
}

/// Wakes everyone who sleeps on `word`.
pub fn futex_wake_all(word: &AtomicU32) {
    // SAFETY: futex(2) takes the address for a key.
    unsafe {
        libc::futex(
            word.as_ptr(),
            libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG,
            c_int::MAX,
            null(),
            null_mut(),
        )
    };
}

/// The calling thread's id.
pub fn thread_id() -> u32 {
    // SAFETY: it takes nothing and can't fail.
    unsafe { libc::getthrid() as u32 }
}

/// Whether the calling thread is the one that the process began with; in a fork's child, the only one.
pub fn is_first_thread() -> bool {
    // SAFETY: it takes nothing.
    unsafe { libc::pthread_main_np() == 1 }
}

/// Gives the calling thread a name.
pub fn name_thread(name: &CStr) {
    // SAFETY: the name ends with a zero; it is copied.
    unsafe { libc::pthread_set_name_np(libc::pthread_self(), name.as_ptr()) };
}

/// Signals that the C library uses between threads: SIGTHR.
pub fn signals_of_the_c_library() -> &'static [u32] {
    &[32]
}

/// Asks the kernel to hand a fork's child zeros in these pages. False when it can't: the loader may have
/// told it that nothing there changes any more (mimmutable(2)).
///
/// # Safety
/// Whole pages that hold nothing which a child needs.
pub unsafe fn wipe_on_fork(at: *mut u8, len: usize) -> bool {
    // SAFETY: passed on to our caller; minherit(2) changes nothing in this process.
    unsafe { libc::minherit(at.cast(), len, libc::MAP_INHERIT_ZERO) == 0 }
}

/// What the kernel has read is pointers to the texts, up to a null, and then the texts. Moves these to the
/// front: how many bytes.
fn unpacked(len: usize, buffer: &mut [u8]) -> Option<usize> {
    if len == buffer.len() {
        return Some(len);
    }
    let read = &buffer[..len];
    let pointers = || {
        read.chunks_exact(size_of::<usize>())
            .map(|word| usize::from_ne_bytes(word.try_into().unwrap_or_default()))
            .take_while(|&pointer| pointer != 0)
    };
    let Some(first) = pointers().next() else {
        return Some(0);
    };
    let start = first.checked_sub(read.as_ptr() as usize)?;
    let texts = read.get(start..)?;
    let zeros = texts.iter().enumerate().filter(|&(_, &byte)| byte == 0);
    let (last, _) = zeros.take(pointers().count()).last()?;
    buffer.copy_within(start..=start + last, 0);
    Some(last + 1)
}

/// The arguments of this process, each with its zero, as the kernel has them: how many bytes. A result of
/// `buffer.len()` says that there may be more.
pub fn read_arguments(buffer: &mut [u8]) -> Option<usize> {
    unpacked(read(libc::KERN_PROC_ARGV, buffer)?, buffer)
}

/// The same for the environment.
pub fn read_environment(buffer: &mut [u8]) -> Option<usize> {
    unpacked(read(libc::KERN_PROC_ENV, buffer)?, buffer)
}
