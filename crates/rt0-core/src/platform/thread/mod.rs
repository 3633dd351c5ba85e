//! Makes and joins threads, and keeps them from being cancelled: `pthread.rs`, `windows.rs`, and `clone.rs`
//! for a process without a C library.

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

// Threads of the process's C library, or of Windows.
contract! { of_the_system:
    /// Makes a thread that runs `start(data)`, with asynchronous signals blocked from its first instruction
    /// on, and with a stack of at least `stack_size` bytes. Returns a handle.
    fn create(start: ThreadStart, data: *mut c_void, stack_size: usize) -> Result<usize, NoThread>;
    /// Waits until a thread ends, and frees its stack.
    ///
    /// # Safety
    /// `handle` is from `create`, and was neither joined nor detached.
    unsafe fn join(handle: usize);
    /// Has a thread free its own stack when it ends.
    ///
    /// # Safety
    /// As for `join`.
    unsafe fn detach(handle: usize);
    /// From now on a `pthread_cancel` of this thread is held off. Returns the former state, for
    /// `allow_cancel`.
    fn hold_off_cancel() -> c_int;
    /// Restores the former state. Is not a cancellation point itself.
    fn allow_cancel(former: c_int);
}

contract! { pub use of_the_system:
    /// Whether the C library knows of no second thread; `None` where it does not say. In a namespace of its own, it
    /// does not know of the host's threads.
    pub(crate) fn is_alone() -> Option<bool>;
}

// Threads of a process without a C library: the same, but a new thread has all signals blocked.
contract! { without_libc:
    fn create(start: ThreadStart, data: *mut c_void, stack_size: usize) -> Result<usize, NoThread>;
    unsafe fn join(handle: usize);
    unsafe fn detach(handle: usize);
}

/// No thread could be made: the system's limit is reached, no memory is left for what the thread needs
/// besides its stack, or the process has no way to make threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoThread;

/// 1 once the library has made a thread, in this process or an ancestor.
static MADE_ONE: AtomicU32 = AtomicU32::new(0);

/// Whether the library has made a thread, in this process or an ancestor.
#[cfg_attr(windows, expect(dead_code, reason = "there is no fork"))]
pub(crate) fn has_made_one() -> bool {
    // Relaxed: a fork's child has one thread, which sees the parent's memory as it was at the fork.
    MADE_ONE.load(Ordering::Relaxed) == 1
}

/// Makes a thread that runs `start(data)`, with asynchronous signals blocked from its first instruction on.
/// Returns the handle that [`join`] and [`detach`] take.
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

/// Makes a thread with `clone(2)`, whether the process has a C library or not, on a fresh stack with a guard
/// page. The thread can't be joined: at its end it frees everything itself.
///
/// A C library does not know of such a thread. `start` runs with a thread pointer to zeroed memory, and must
/// neither call the C library nor use thread-locals.
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
    // SAFETY: made just now; nobody else knows the handle.
    unsafe { without_libc::detach(handle) };
    Ok(())
}

/// Waits until a thread ends, and frees its stack. Is not a cancellation point.
///
/// # Safety
/// `handle` is from [`create`], and was not joined before.
pub unsafe fn join(handle: usize) {
    // SAFETY: passed on to our caller. `is_without_libc` returns the same throughout a process, so the handle
    // is joined the way it was made.
    unsafe {
        if kernel::is_without_libc() {
            without_libc::join(handle)
        } else {
            // POSIX's `pthread_join` is a cancellation point.
            let _uncancelled = Uncancelled::for_rt0();
            of_the_system::join(handle);
        }
    }
}

/// Has a thread free its own stack when it ends.
///
/// # Safety
/// `handle` is from [`create`], and is not used again.
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

/// A thread made by [`create`] calls this first, for the signals that the host sends to threads. A thread
/// that the C library does not know of keeps all signals blocked: no handler of the host's could run on it.
pub fn settle_signals() {
    if !kernel::is_without_libc() {
        signals::settle();
    }
}

/// While this guard lives, a `pthread_cancel` of the thread is held off. Such guards can be nested. Dropping
/// one is not a cancellation point: a cancellation that came meanwhile acts at the thread's next cancellation
/// point.
#[must_use = "the thread can be cancelled again when this is dropped"]
pub struct Uncancelled {
    former: c_int,
    /// The state belongs to one thread.
    _not_send: PhantomData<*mut ()>,
}

impl Uncancelled {
    /// A guard for rt0's own work.
    #[inline]
    pub fn for_rt0() -> Option<Uncancelled> {
        (!sabotage::NO_CANCEL_SHIELD).then(Uncancelled::begin)
    }

    /// Begins to hold cancellation off.
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
