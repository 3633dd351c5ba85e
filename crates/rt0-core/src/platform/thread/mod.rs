//! How threads are made, joined and kept from being cancelled. One file per way: `pthread.rs`, `windows.rs`, and
//! `clone.rs` for a process without a C library.

pub mod signals;

#[cfg(any(target_os = "linux", target_os = "android"))]
mod clone;
#[cfg(not(windows))]
mod host_libc;
#[cfg(not(windows))]
pub mod key;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod no_clone;
mod pause;
#[cfg(not(windows))]
mod pthread;
#[cfg(windows)]
mod windows;

cfg_select! {
    windows => { use self::windows as of_the_system; }
    _ => { use self::pthread as of_the_system; }
}
cfg_select! {
    any(target_os = "android", target_os = "linux") => { use self::clone as without_libc; }
    _ => { use self::no_clone as without_libc; }
}

use core::ffi::{c_int, c_void};
use core::marker::PhantomData;
use core::sync::atomic::{AtomicU32, Ordering};

pub use self::pause::pause;
use crate::platform::weak_symbols::ThreadStart;
use crate::platform::{address_space, kernel};
use crate::sabotage;

// The way of the process's C library, or of Windows.
contract! { of_the_system:
    /// Makes a thread that runs `start(data)`, with asynchronous signals blocked from its first instruction on,
    /// and a stack of this many bytes at least. The answer is a handle.
    fn create(start: ThreadStart, data: *mut c_void, stack_size: usize) -> Result<usize, NoThread>;
    /// Waits for the end of a thread, and gives its stack back.
    ///
    /// # Safety
    /// `handle` is of `create`, and neither joined nor detached.
    unsafe fn join(handle: usize);
    /// Has a thread give its stack back by itself when it ends.
    ///
    /// # Safety
    /// As `join`.
    unsafe fn detach(handle: usize);
    /// From now on a `pthread_cancel` of this thread waits. The answer is for `allow_cancel`: what was before.
    fn hold_off_cancel() -> c_int;
    /// Puts that back. No cancellation point itself.
    fn allow_cancel(former: c_int);
}

// The way of a process without a C library: likewise, and the new thread has all signals blocked.
contract! { without_libc:
    fn create(start: ThreadStart, data: *mut c_void, stack_size: usize) -> Result<usize, NoThread>;
    unsafe fn join(handle: usize);
    unsafe fn detach(handle: usize);
}

/// No thread could be had: the operating system's limit is reached, no memory is left for what it needs
/// besides its stack, or the process has no way to make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoThread;

/// 1 once the library has made a thread, in this process or an ancestor.
static MADE_ONE: AtomicU32 = AtomicU32::new(0);

/// Whether the library has made a thread, in this process or an ancestor.
#[cfg_attr(windows, expect(dead_code, reason = "there is no fork"))]
pub(crate) fn has_made_one() -> bool {
    // Relaxed: a fork's child has one thread, which sees what the parent's memory was at the fork.
    MADE_ONE.load(Ordering::Relaxed) == 1
}

/// Makes a thread that runs `start(data)`, with asynchronous signals blocked from its first
/// instruction on. The answer is what [`join`] and [`detach`] take.
pub fn create(start: ThreadStart, data: *mut c_void, stack_size: usize) -> Result<usize, NoThread> {
    if !address_space::has_room_for(stack_size) {
        return Err(NoThread);
    }
    MADE_ONE.store(1, Ordering::Relaxed);
    if kernel::is_without_libc() {
        return without_libc::create(start, data, stack_size);
    }
    of_the_system::create(start, data, stack_size)
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
    if !address_space::has_room_for(stack_size) {
        return Err(NoThread);
    }
    MADE_ONE.store(1, Ordering::Relaxed);
    let handle = without_libc::create(start, data, stack_size)?;
    // SAFETY: made just now; nobody else knows it.
    unsafe { without_libc::detach(handle) };
    Ok(())
}

/// Waits for the end of a thread, and gives its stack back. It is no cancellation point.
///
/// # Safety
/// `handle` is of [`create`] and was not joined before.
pub unsafe fn join(handle: usize) {
    // SAFETY: passed on to our caller. The answer to the question is the same throughout a process.
    unsafe {
        if kernel::is_without_libc() {
            without_libc::join(handle)
        } else {
            // POSIX's is one.
            let _uncancelled = Uncancelled::for_rt0();
            of_the_system::join(handle);
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
        if kernel::is_without_libc() {
            without_libc::detach(handle)
        } else {
            of_the_system::detach(handle)
        }
    }
}

/// What a thread of [`create`] does first, for the signals that the host sends to threads. One that the C library
/// does not know of leaves all blocked: no handler of the host's could run on it.
pub fn settle_signals() {
    if !kernel::is_without_libc() {
        signals::settle();
    }
}

/// For as long as this lives, a `pthread_cancel` of the thread waits. Such guards can be nested. The end is no
/// cancellation point itself: a cancellation that has come meanwhile acts at the thread's next one.
#[must_use = "the thread can be cancelled again when this is dropped"]
pub struct Uncancelled {
    former: c_int,
    /// It belongs to its thread.
    _not_send: PhantomData<*mut ()>,
}

impl Uncancelled {
    /// For what rt0 itself does.
    #[inline]
    pub fn for_rt0() -> Option<Uncancelled> {
        (!sabotage::NO_CANCEL_SHIELD).then(Uncancelled::begin)
    }

    /// From now on.
    #[inline]
    pub fn begin() -> Uncancelled {
        Uncancelled {
            former: of_the_system::hold_off_cancel(),
            _not_send: PhantomData,
        }
    }
}

impl Drop for Uncancelled {
    #[inline]
    fn drop(&mut self) {
        of_the_system::allow_cancel(self.former);
    }
}
