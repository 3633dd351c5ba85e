//! What each system must provide. None of these functions allocates, unwinds, or is a cancellation point,
//! unless its documentation says so.

use core::ffi::{CStr, c_void};
#[cfg(not(windows))]
use core::ffi::{c_char, c_int};
use core::sync::atomic::AtomicU32;

use super::system;

// Every system.
contract! { pub use system:
    /// The largest page that a kernel for this processor uses, in bytes.
    pub const LARGEST_PAGE: usize;

    /// Sleeps while `word` is `seen`, at most until `deadline`, in nanoseconds of [`monotonic`]. False if the
    /// deadline has passed. May return early for no reason.
    pub fn futex_wait(word: &AtomicU32, seen: u32, deadline: Option<u64>) -> bool;
    /// Wakes all threads that sleep on `word`.
    pub fn futex_wake_all(word: &AtomicU32);
    /// The time now, in nanoseconds of a clock that is never set.
    pub fn monotonic() -> u64;

    /// Identifies the calling thread: no other thread of the process has the same number, and a fork's child
    /// keeps it. 0 if unknown.
    pub fn this_thread() -> usize;
    /// The calling thread's id; 0 if unknown.
    pub fn thread_id() -> u32;
    /// Names the calling thread, for debuggers. The system may shorten the name.
    pub fn name_thread(name: &CStr);
    /// Lets threads that wait for this processor run first, if there are any.
    pub fn give_way();
    /// Whether the process has no C library. Only Linux has such programs.
    pub fn is_without_libc() -> bool;
    /// Whether this process has more rights than the one that started it. Then somebody with fewer rights
    /// controls the environment.
    pub fn has_more_rights() -> bool;

    /// Writes this process's arguments, each ending with a zero byte, and returns how many bytes it wrote. If
    /// that is `buffer.len()`, there may be more. `None` if they can't be read this way, as on systems that
    /// pass them to constructors.
    pub fn read_arguments(buffer: &mut [u8]) -> Option<usize>;
    /// The same for the environment, as it was when the program began.
    pub fn read_environment(buffer: &mut [u8]) -> Option<usize>;

    /// Fresh zeroed memory of `len` bytes, or `None` if there is none.
    pub fn map(len: usize) -> Option<*mut u8>;
    /// The same, for memory that is written at once: the system may make all its pages now, which takes less
    /// than one fault for each.
    pub fn map_written(len: usize) -> Option<*mut u8>;
    /// Whether a range of `len` bytes of addresses is free. Reserves no memory for it.
    pub fn has_room(len: usize) -> bool;
    /// Frees memory.
    ///
    /// # Safety
    /// `at` and `len` are a whole mapping from [`map`], [`map_written`] or `map_stack`, and nothing points into
    /// it any more.
    pub unsafe fn unmap(at: *mut u8, len: usize);
    /// Asks the kernel to clear these pages in a fork's child. False if it can't, or if the system has no
    /// fork.
    ///
    /// # Safety
    /// These are whole pages that hold nothing that a child needs.
    pub unsafe fn wipe_on_fork(at: *mut u8, len: usize) -> bool;

    /// This process's id. `None` if the kernel does not tell.
    pub fn process_id() -> Option<u32>;

    /// Whether [`fence_all_threads`] works in this process.
    pub fn can_fence_all_threads() -> bool;
    /// Makes the first [`fence_all_threads`] take as little time as any other. That takes milliseconds in a process
    /// with several threads, and hardly any time in one with a single thread.
    pub fn prepare_to_fence_all_threads();
    /// A full memory fence on every thread of this process, as if each had executed one at some point during
    /// this call. False if the kernel refuses: then calls execute their own.
    pub fn fence_all_threads() -> bool;
}

// Every Unix: the loader, forks.
#[cfg(not(windows))]
contract! { pub use system:
    /// `dlopen`: bind functions when they are first called.
    pub const RTLD_LAZY: c_int;
    /// `dlopen`: open the file only if it is loaded already.
    pub const RTLD_NOLOAD: c_int;
    /// `dlopen`: never unmap the file.
    pub const RTLD_NODELETE: c_int;
    /// `dlsym`: look in the program and everything that it is linked with.
    pub const RTLD_DEFAULT: *mut c_void;
    /// What the loader barrier opens; null for the program itself. `None` if looking a symbol up takes the lock, too.
    pub const BARRIER_OPENS: Option<*const c_char>;
    /// Whether unmapping a file removes the handlers that it has registered with `pthread_atfork`. If not,
    /// the C library may keep their addresses after the file is gone.
    pub const TAKES_FORK_HANDLERS_BACK: bool;
    /// `pthread_setcancelstate`: no cancellation. The number differs between systems.
    pub const PTHREAD_CANCEL_DISABLE: c_int;

    /// Whether the process began with the calling thread. In a fork's child, that is its only thread. True if
    /// the kernel does not tell.
    pub fn is_first_thread() -> bool;
    /// Identifies a thread that a C library has made: no other thread of the process has the same, and a
    /// fork's child keeps it.
    pub fn thread_pointer() -> usize;

    /// Fresh memory for a stack.
    pub fn map_stack(len: usize) -> Option<*mut u8>;
    /// Forbids all access to `len` bytes at `at`. False if the kernel refuses.
    ///
    /// # Safety
    /// These are whole pages of a mapping from [`map`] or [`map_stack`], and nothing uses them.
    pub unsafe fn forbid(at: *mut u8, len: usize) -> bool;
    /// Calls `function(data)` on the stack that ends at `top`, then returns on this one.
    ///
    /// # Safety
    /// `top` is the upper end, aligned to 16 bytes, of memory that nothing else uses and that is large enough
    /// for the function. The function does not unwind.
    pub unsafe extern "C" fn call_on_stack(
        data: *mut c_void,
        function: unsafe extern "C" fn(*mut c_void),
        top: *mut u8,
    );
}

/// Whether constructors are passed argc, argv and envp. The parameter says whether this is the constructor of
/// a program.
#[cfg(not(windows))]
pub use super::system::constructors_get_arguments;
#[cfg(not(windows))]
const _: fn(fn() -> bool) -> bool = system::constructors_get_arguments;

// Every Unix: signals, by their numbers.
#[cfg(not(windows))]
contract! { pub use system:
    /// A set of signals: signal 1 is the lowest bit.
    pub type SignalMask;
    /// Signals that a thread causes by what it does: the host's crash reporter needs them.
    pub const FAULTS: &'static [u32];
    /// What must be open for a host's handler to run in `abort`.
    pub const ABORT: SignalMask;
    /// Signals by which garbage collectors stop threads, and which have hardly any other use. Empty on
    /// systems that do not tell what the first thread blocks.
    pub const COLLECTORS: SignalMask;
    /// More signals by which some collectors stop threads. Many programs use them for something else.
    pub const USR: SignalMask;

    /// Signals that C libraries use between threads, as for `setuid` and `pthread_cancel`. A thread that
    /// blocks them makes the host's `setuid` wait for ever.
    pub fn signals_of_the_c_library() -> &'static [u32];
    /// Adds to the calling thread's signal mask and returns the former one.
    pub fn block_signals(mask: SignalMask) -> SignalMask;
    /// Removes from the calling thread's signal mask and returns the former one.
    pub fn unblock_signals(mask: SignalMask) -> SignalMask;
    /// Replaces the calling thread's signal mask and returns the former one.
    pub fn set_signal_mask(mask: SignalMask) -> SignalMask;
    /// Whether the process has a handler for this signal. False for the default action, and for an ignored
    /// signal.
    pub fn is_caught(signal: u32) -> bool;
    /// What the process's first thread blocks; `None` if unknown.
    pub fn first_threads_mask() -> Option<SignalMask>;
    /// Whether a mask may be one that the C library sets for a moment, as in `pthread_create` and `fork`.
    pub fn may_be_for_a_moment(mask: SignalMask) -> bool;
}

// Linux, whose programs need no C library.
#[cfg(any(target_os = "android", target_os = "linux"))]
contract! { pub use system:
    pub(crate) const POINTER_AT: usize;
    pub(crate) unsafe fn clone(
        flags: usize,
        top: usize,
        exit_word: usize,
        pointer: usize,
        entry: unsafe extern "C" fn(*mut c_void) -> !,
        record: *mut c_void,
    ) -> isize;
    pub(crate) unsafe fn unmap_and_exit(at: usize, len: usize) -> !;
    pub fn trap() -> !;
    /// Sleeps until the kernel has cleared this word, the `exit_word` of a thread that `clone` made. The
    /// kernel clears it when the thread ends.
    pub fn wait_for_thread(word: &AtomicU32);
    /// Has the kernel clear no word when this thread ends.
    pub fn forget_exit_word();
    /// Reads a file from its start into `buffer`, and returns how many bytes it read, or `None` if the file
    /// can't be read. If that is `buffer.len()`, there may be more.
    pub fn read_file(path: &CStr, buffer: &mut [u8]) -> Option<usize>;
    /// Like `read_file`, with a single read, for small files, which the kernel gives in one piece.
    pub fn read_at_once(path: &CStr, buffer: &mut [u8]) -> Option<usize>;
}

// Windows.
#[cfg(windows)]
contract! { pub use system:
    /// Where in the process's block the address of the loader's lock is.
    pub(crate) const LOADER_LOCK: usize;
    /// The process's own block.
    pub(crate) fn process_block() -> *const u8;
    /// The current fiber. This thread must have been converted to one.
    pub(crate) fn current_fiber() -> *mut c_void;
    /// The module that this code is part of. Takes a reference to it, unless `flags` say otherwise.
    pub(crate) fn this_module(flags: u32) -> Option<system::api::Handle>;
}
#[cfg(windows)]
pub(crate) use super::system::api;
/// The 16-bit units, for Windows, of a text of this crate's.
#[cfg(windows)]
pub use super::system::units;
