//! Linux, by system calls: the same in a glibc process, in a musl process, and in one without a C library.
//! They do not touch `errno`, and are not cancellation points.
//!
//! A sandbox's filter (seccomp(2)) may refuse any of them, even one that the manual says can't fail, and may
//! begin to at any moment. So we check each result, and have another way for each call that matters: threads
//! are identified by their thread pointers, the time comes from the C library, which as a rule makes no
//! system call for it, and a wait that the kernel refuses becomes a sleep.
//!
//! There is one file per subject, one per processor, and `c_library/` for what differs between C libraries.
//! `kernel/contract.rs` describes what they provide to the rest of the crate. What a processor provides is
//! described here.

#[macro_use]
mod syscall;

// The calls, by subject.
mod c_library;
mod files;
mod futex;
mod membarrier;
mod memory;
mod process;
mod signals;
mod time;
mod without_libc;

// How calls are made: one file per processor, all with the same names in the same order.
#[cfg(all(target_arch = "aarch64", target_pointer_width = "64"))]
mod aarch64;
#[cfg(target_arch = "arm")]
mod arm;
#[cfg(any(target_arch = "aarch64", target_arch = "riscv64"))]
mod generic_nr;
#[cfg(target_arch = "powerpc64")]
mod powerpc64;
#[cfg(target_arch = "riscv64")]
mod riscv64;
#[cfg(target_arch = "s390x")]
mod s390x;
#[cfg(not(any(
    all(target_arch = "aarch64", target_pointer_width = "64"),
    target_arch = "arm",
    target_arch = "powerpc64",
    target_arch = "riscv64",
    target_arch = "s390x",
    target_arch = "x86",
    all(target_arch = "x86_64", target_pointer_width = "64"),
)))]
mod unsupported;
#[cfg(target_arch = "x86")]
mod x86;
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod x86_64;

cfg_select! {
    all(target_arch = "aarch64", target_pointer_width = "64") => { use self::aarch64 as arch; }
    target_arch = "arm" => { use self::arm as arch; }
    target_arch = "powerpc64" => { use self::powerpc64 as arch; }
    target_arch = "riscv64" => { use self::riscv64 as arch; }
    target_arch = "s390x" => { use self::s390x as arch; }
    target_arch = "x86" => { use self::x86 as arch; }
    all(target_arch = "x86_64", target_pointer_width = "64") => { use self::x86_64 as arch; }
    _ => {
        use self::unsupported as arch;
        not_supported!();
    }
}

use core::ffi::c_void;

pub use self::arch::{LARGEST_PAGE, call_on_stack};
pub use self::c_library::{
    BARRIER_OPENS, PTHREAD_CANCEL_DISABLE, RTLD_DEFAULT, RTLD_LAZY, RTLD_NODELETE, RTLD_NOLOAD,
    TAKES_FORK_HANDLERS_BACK, constructors_get_arguments, may_be_for_a_moment,
    signals_of_the_c_library,
};
pub use self::files::{read_arguments, read_at_once, read_environment, read_file};
pub use self::futex::{futex_wait, futex_wake_all, wait_for_thread};
pub use self::membarrier::{
    can_fence_all_threads, fence_all_threads, prepare_to_fence_all_threads,
};
pub use self::memory::{forbid, has_room, map, map_stack, map_written, unmap, wipe_on_fork};
pub use self::process::{
    forget_exit_word, give_way, has_more_rights, is_first_thread, name_thread, process_id,
    this_thread, thread_id,
};
pub use self::signals::{
    ABORT, COLLECTORS, FAULTS, SignalMask, USR, block_signals, first_threads_mask, is_caught,
    set_signal_mask, unblock_signals,
};
use self::syscall::Argument;
pub use self::time::monotonic;
pub use self::without_libc::is_without_libc;

/// The function of a thread that no C library has made.
pub type ThreadEntry = unsafe extern "C" fn(*mut c_void) -> !;

// What a processor provides, besides `nr`, the numbers of the system calls, and besides `LARGEST_PAGE` and
// `call_on_stack`, which `kernel/contract.rs` describes.
contract! { pub use arch:
    /// The thread pointer: no other thread of the process has the same, and a fork's child keeps it. Only for
    /// a thread that a C library has made.
    pub fn thread_pointer() -> usize;
    /// Ends the process by a signal, with an invalid instruction. The signal ends it even if the thread
    /// blocks it.
    pub fn trap() -> !;
    /// How far the thread pointer is from the start of the thread's own data. Code reads on both sides of it.
    pub const POINTER_AT: usize;
    /// clone(2). The new thread runs `entry(record)` on its stack.
    ///
    /// # Safety
    /// `top` is the upper end of a stack that nothing else uses, aligned to 16 bytes; the entry does not
    /// return. `pointer` points into the thread's own data, `exit_word` to a word that outlives the thread,
    /// and the flags say that both are given. All signals are blocked.
    pub unsafe fn clone(
        flags: usize,
        top: usize,
        exit_word: usize,
        pointer: usize,
        entry: ThreadEntry,
        record: *mut c_void,
    ) -> isize;
    /// Unmaps the stack that this runs on and ends the thread, using registers only.
    ///
    /// # Safety
    /// Nothing else uses the memory.
    pub unsafe fn unmap_and_exit(at: usize, len: usize) -> !;
}

contract! { arch:
    /// mmap(2): reserve no memory.
    const MAP_NORESERVE: usize;
    /// Whether mmap(2) takes its arguments in memory.
    const MMAP_IN_MEMORY: bool;
    /// Makes a system call. A result from -4095 to -1 is an error number, negated. Written `syscall!`.
    ///
    /// # Safety
    /// What the call does to this process's memory must be sound, whatever the registers hold that are not given.
    unsafe fn syscall(number: usize, args: [Argument; 6]) -> isize;
}
