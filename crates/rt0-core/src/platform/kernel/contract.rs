//! What each system must provide, whatever way it is asked. Nothing of it allocates, unwinds, or is a cancellation
//! point, unless it says so.

use core::ffi::{CStr, c_void};
#[cfg(not(windows))]
use core::ffi::{c_char, c_int};
use core::sync::atomic::AtomicU32;

use super::system;

// Every system.
contract! { pub use system:
    /// The largest page that a kernel for this processor uses, in bytes.
    pub const LARGEST_PAGE: usize;

    /// Sleeps while `word` is `seen`, at most until `deadline`, in nanoseconds of [`monotonic`]. False when that
    /// has passed. May come back early for no reason.
    pub fn futex_wait(word: &AtomicU32, seen: u32, deadline: Option<u64>) -> bool;
    /// Wakes everyone who sleeps on `word`.
    pub fn futex_wake_all(word: &AtomicU32);
    /// Now, in nanoseconds of a clock that is never set.
    pub fn monotonic() -> u64;

    /// What the calling thread is known by: no other thread of the process has the same, and a fork's child
    /// keeps it. 0: nobody tells.
    pub fn this_thread() -> usize;
    /// The calling thread's id; 0: nobody tells.
    pub fn thread_id() -> u32;
    /// Gives the calling thread a name, for debuggers; as much of it as the system keeps.
    pub fn name_thread(name: &CStr);
    /// Whether the process has no C library. Only Linux has such programs.
    pub fn is_without_libc() -> bool;
    /// Whether this process may do more than the one that has started it: the environment is then under
    /// the control of somebody with fewer rights.
    pub fn has_more_rights() -> bool;

    /// The arguments of this process, each with its zero: how many bytes were written. A result of
    /// `buffer.len()` says that there may be more. `None`: they can't be had in this way, for one where
    /// constructors are given them.
    pub fn read_arguments(buffer: &mut [u8]) -> Option<usize>;
    /// The same for the environment, as it was when the program began.
    pub fn read_environment(buffer: &mut [u8]) -> Option<usize>;

    /// Fresh zeroed memory of `len` bytes, or nothing when there is none.
    pub fn map(len: usize) -> Option<*mut u8>;
    /// Whether `len` bytes of addresses are free. No memory is set aside for them.
    pub fn has_room(len: usize) -> bool;
    /// Gives memory back.
    ///
    /// # Safety
    /// `at` and `len` are a whole mapping of [`map`] or `map_stack`, and nothing points into it any more.
    pub unsafe fn unmap(at: *mut u8, len: usize);
    /// Asks the kernel to hand a fork's child zeros in these pages. False when it can't, and where there is no
    /// fork.
    ///
    /// # Safety
    /// Whole pages that hold nothing which a child needs.
    pub unsafe fn wipe_on_fork(at: *mut u8, len: usize) -> bool;

    /// Whether [`fence_all_threads`] can be had in this process.
    pub fn can_fence_all_threads() -> bool;
    /// A full memory fence on every thread of this process, as if each had executed one at some point
    /// during this call. False when the kernel refuses: calls then make their own.
    pub fn fence_all_threads() -> bool;
}

// Every Unix: the loader, forks.
#[cfg(not(windows))]
contract! { pub use system:
    /// `dlopen`: bind what is called when it is called.
    pub const RTLD_LAZY: c_int;
    /// `dlopen`: only what is loaded already.
    pub const RTLD_NOLOAD: c_int;
    /// `dlopen`: never unmap it.
    pub const RTLD_NODELETE: c_int;
    /// `dlsym`: look in the program and all that it is linked with.
    pub const RTLD_DEFAULT: *mut c_void;
    /// What the loader barrier opens; null: the program itself.
    pub const BARRIER_OPENS: *const c_char;
    /// Whether `pthread_atfork`'s handlers go with the file that they lie in. If not, the C library may keep
    /// their addresses and nothing else.
    pub const TAKES_FORK_HANDLERS_BACK: bool;
    /// `pthread_setcancelstate`: no cancellation. Not the same number everywhere.
    pub const PTHREAD_CANCEL_DISABLE: c_int;

    /// This process's id. `None`: the kernel does not tell.
    pub fn process_id() -> Option<u32>;
    /// Whether the calling thread is the one that the process began with; in a fork's child, the only one. True
    /// where the kernel does not tell.
    pub fn is_first_thread() -> bool;
    /// What a thread of a C library's is known by: no other thread of the process has the same, and a fork's
    /// child keeps it.
    pub fn thread_pointer() -> usize;

    /// Fresh memory for a stack.
    pub fn map_stack(len: usize) -> Option<*mut u8>;
    /// Takes all access to `len` bytes at `at` away. False when the kernel refuses.
    ///
    /// # Safety
    /// Whole pages of a mapping of [`map`], which nothing uses.
    pub unsafe fn forbid(at: *mut u8, len: usize) -> bool;
    /// Calls `function(data)` on the stack that ends at `top`, and comes back to this one.
    ///
    /// # Safety
    /// `top` is the upper end, aligned to 16 bytes, of memory that nothing else uses and that is large
    /// enough for what the function does. The function does not unwind.
    pub unsafe extern "C" fn call_on_stack(
        data: *mut c_void,
        function: unsafe extern "C" fn(*mut c_void),
        top: *mut u8,
    );
}

/// Whether constructors are given argc, argv and envp. The argument says whether they are those of a program.
#[cfg(not(windows))]
pub use super::system::constructors_get_arguments;
#[cfg(not(windows))]
const _: fn(fn() -> bool) -> bool = system::constructors_get_arguments;

// Every Unix: signals, by their numbers.
#[cfg(not(windows))]
contract! { pub use system:
    /// A set of signals: the first is the lowest bit.
    pub type SignalMask;
    /// Signals that a thread causes by what it does: the host's crash reporter wants them.
    pub const FAULTS: &'static [u32];
    /// What must be open for a host's handler to run in `abort`.
    pub const ABORT: SignalMask;
    /// What collectors stop threads with that have no other use, or hardly one. None where nobody could tell
    /// what the first thread blocks.
    pub const COLLECTORS: SignalMask;
    /// What others of them use, and many programs for something else.
    pub const USR: SignalMask;

    /// Signals that C libraries use between threads, as for `setuid` and `pthread_cancel`. A thread that
    /// blocks them makes the host's `setuid` wait for ever.
    pub fn signals_of_the_c_library() -> &'static [u32];
    /// Adds to the calling thread's signal mask and returns the former one.
    pub fn block_signals(mask: SignalMask) -> SignalMask;
    /// Takes away from the calling thread's signal mask and returns the former one.
    pub fn unblock_signals(mask: SignalMask) -> SignalMask;
    /// Replaces the calling thread's signal mask and returns the former one.
    pub fn set_signal_mask(mask: SignalMask) -> SignalMask;
    /// Whether the process has a handler for this signal: neither the default action nor none.
    pub fn is_caught(signal: u32) -> bool;
    /// What the thread that the process began with blocks; nothing when it can't be known.
    pub fn first_threads_mask() -> Option<SignalMask>;
    /// Whether a mask may be one that the C library has for a moment, as in `pthread_create` and `fork`.
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
    /// Sleeps until the kernel has cleared this word, which it does at the end of a thread that was made so.
    pub fn wait_for_thread(word: &AtomicU32);
    /// Has the kernel clear no word at the end of this thread.
    pub fn forget_exit_word();
    /// Reads a file from its start into `buffer`; how many bytes were there, or nothing when it can't be
    /// read. A result of `buffer.len()` says that there may be more.
    pub fn read_file(path: &CStr, buffer: &mut [u8]) -> Option<usize>;
}

// Windows.
#[cfg(windows)]
contract! { pub use system:
    /// Where in the process's block the address of the loader's lock stands.
    pub(crate) const LOADER_LOCK: usize;
    /// The process's own block.
    pub(crate) fn process_block() -> *const u8;
    /// The fiber that runs on this thread, which must be one.
    pub(crate) fn current_fiber() -> *mut c_void;
    /// The module that this code is part of, with one more reference to it unless `flags` say otherwise.
    pub(crate) fn this_module(flags: u32) -> Option<system::api::Handle>;
}
#[cfg(windows)]
pub(crate) use super::system::api;
/// The units of a text of this crate's, for Windows.
#[cfg(windows)]
pub use super::system::units;
