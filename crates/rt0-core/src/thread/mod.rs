//! How the boot thread is made. One file per way.

#[cfg_attr(
    not(any(target_os = "linux", target_os = "android")),
    path = "no_clone.rs"
)]
mod clone;
#[cfg_attr(windows, path = "windows.rs")]
mod pthread;

use core::ffi::c_void;

use crate::weak::ThreadStart;
use crate::{fork, namespace, room, sabotage, signals};

/// No thread could be had: the operating system's limit is reached, no memory is left for what it needs
/// besides its stack, or the process has no way to make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoThread;

/// Makes a thread that runs `start(data)`, with asynchronous signals blocked from its first
/// instruction on. The answer is what [`join`] and [`detach`] take.
pub fn create(start: ThreadStart, data: *mut c_void, stack_size: usize) -> Result<usize, NoThread> {
    if !room::is_left(stack_size) || !namespace::tell_of_threads() {
        return Err(NoThread);
    }
    fork::thread_made();
    if clone::is_possible() {
        return clone::create(start, data, stack_size);
    }
    signals::blocked(|| pthread::create(start, data, stack_size))
}

/// Whether the process has no C library, as far as that can be known.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn is_without_libc() -> bool {
    clone::is_possible()
}

/// The same without the C library, whether the process has one or not, by `clone(2)` on a fresh stack with a
/// guard page. Nobody can join it: at its end it gives everything back itself.
///
/// A C library does not know of such a thread: `start` runs with a thread pointer to zeroed memory, and must
/// not call anything of a C library's, nor use thread-locals.
pub fn create_without_libc(
    start: ThreadStart,
    data: *mut c_void,
    stack_size: usize,
) -> Result<(), NoThread> {
    if !room::is_left(stack_size) {
        return Err(NoThread);
    }
    fork::thread_made();
    let handle = clone::create(start, data, stack_size)?;
    // SAFETY: made just now; nobody else knows it.
    unsafe { clone::detach(handle) };
    Ok(())
}

/// Waits for the end of a thread, and gives its stack back. It is no cancellation point.
///
/// # Safety
/// `handle` is of [`create`] and was not joined before.
pub unsafe fn join(handle: usize) {
    // SAFETY: passed on to our caller. The answer to the question is the same throughout a process.
    unsafe {
        if clone::is_possible() {
            clone::join(handle)
        } else {
            // POSIX's is one.
            uncancelled(|| pthread::join(handle));
        }
    }
}

/// Has a thread give its stack back by itself when it ends.
///
/// # Safety
/// `handle` is of [`create`], and is not used again.
pub unsafe fn detach(handle: usize) {
    // SAFETY: as in `join`.
    unsafe {
        if clone::is_possible() {
            clone::detach(handle)
        } else {
            pthread::detach(handle)
        }
    }
}

/// What a thread of [`create`] does first, for the signals that the host sends to threads. One that the C library
/// does not know of leaves all blocked: no handler of the host's could run on it.
pub fn settle_signals() {
    if !clone::is_possible() {
        signals::settle();
    }
}

/// Runs `f` on this thread in such a way that `pthread_cancel` waits until it is over. For an `f` that does
/// not panic.
pub fn uncancelled<R>(f: impl FnOnce() -> R) -> R {
    if sabotage::NO_CANCEL_SHIELD {
        return f();
    }
    let former = hold_off_cancel();
    let result = f();
    allow_cancel(former);
    result
}

/// Whether this thread could be cancelled before [`hold_off_cancel`].
#[derive(Clone, Copy)]
#[must_use = "the thread can't be cancelled until `allow_cancel` is given this"]
pub struct CancelState(core::ffi::c_int);

/// From now on a `pthread_cancel` of this thread waits, until [`allow_cancel`] is given the answer. Pairs can
/// be nested. (No guard: its destructor would need an unwinder, which a library without std does not have.)
#[inline]
pub fn hold_off_cancel() -> CancelState {
    CancelState(pthread::hold_off_cancel())
}

/// Back to what it was before. That is no cancellation point itself: a cancellation that has come meanwhile
/// acts at the thread's next one.
#[inline]
pub fn allow_cancel(former: CancelState) {
    pthread::allow_cancel(former.0);
}
