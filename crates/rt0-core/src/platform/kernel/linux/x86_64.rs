//! Linux on x86-64: system calls and their numbers, and threads that no C library has made.

use core::arch::asm;
use core::ffi::c_void;

pub use super::super::processor::{LARGEST_PAGE, call_on_stack};
use super::ThreadEntry;

/// mmap(2)'s "set no memory aside".
pub const MAP_NORESERVE: usize = 0x4000;

/// The calling thread's pointer to its own data: no other thread of the process has the same, and a
/// fork's child keeps it. Only for a thread of a C library's.
pub fn thread_pointer() -> usize {
    let pointer;
    // SAFETY: the ABI of thread-local storage for this processor puts the pointer's own value at its
    // first word, and every C library that makes threads keeps to it.
    unsafe {
        asm!(
            "mov {}, fs:[0]",
            out(reg) pointer,
            options(nostack, readonly, preserves_flags),
        );
    }
    pointer
}

/// The numbers of the calls that rt0 makes.
pub mod nr {
    pub const READ: usize = 0;
    pub const CLOSE: usize = 3;
    pub const MMAP: usize = 9;
    pub const MPROTECT: usize = 10;
    pub const MUNMAP: usize = 11;
    pub const RT_SIGACTION: usize = 13;
    pub const RT_SIGPROCMASK: usize = 14;
    pub const MADVISE: usize = 28;
    pub const GETPID: usize = 39;
    pub const NANOSLEEP: usize = 35;
    pub const PRCTL: usize = 157;
    pub const GETTID: usize = 186;
    pub const FUTEX: usize = 202;
    pub const SET_TID_ADDRESS: usize = 218;
    pub const CLOCK_GETTIME: usize = 228;
    pub const OPENAT: usize = 257;
    pub const MEMBARRIER: usize = 324;
}

/// Makes a system call. A result from -4095 to -1 is an error number, negated.
///
/// # Safety
/// What the call does to this process's memory must be sound.
pub unsafe fn syscall(number: usize, args: [usize; 6]) -> isize {
    let result;
    // SAFETY: the registers are those of the kernel's convention for this processor, which keeps all
    // but rax, rcx and r11; the rest is our caller's promise.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") number as isize => result,
            in("rdi") args[0],
            in("rsi") args[1],
            in("rdx") args[2],
            in("r10") args[3],
            in("r8") args[4],
            in("r9") args[5],
            lateout("rcx") _,
            lateout("r11") _,
            options(nostack),
        );
    }
    result
}

/// Makes the call mmap(2), with its arguments in the order of the manual.
///
/// # Safety
/// As [`syscall`].
pub unsafe fn mmap(args: [usize; 6]) -> isize {
    // SAFETY: passed on to our caller.
    unsafe { syscall(nr::MMAP, args) }
}

/// Ends the process by a signal, at an instruction that is none. A thread that has the signal blocked
/// dies of it all the same.
pub fn trap() -> ! {
    // SAFETY: it touches nothing, and does not come back.
    unsafe { asm!("ud2", options(noreturn, nomem, nostack)) }
}

/// Where the thread pointer lies behind the start of the thread's own data. Code looks on both sides.
pub const POINTER_AT: usize = 2048;

/// clone(2). A thread that was made runs `entry(record)` on its stack.
///
/// # Safety
/// `top` is the upper end of a stack that nothing else uses, aligned to 16 bytes; the entry does not
/// return. `pointer` leads to the thread's own data, `exit_word` to a word that lasts longer than the
/// thread, and the flags say that the two are given.
pub unsafe fn clone(
    flags: usize,
    top: usize,
    exit_word: usize,
    pointer: usize,
    entry: ThreadEntry,
    record: *mut c_void,
) -> isize {
    let result;
    // SAFETY: on this side it is a call like any other of the kernel's. On the other, all registers have
    // the values from here but rsp and rax, and the code below is left by a call only.
    unsafe {
        asm!(
            "syscall",
            "test rax, rax",
            "jnz 2f",
            "xor ebp, ebp", // no frame before this one
            "mov rdi, r13",
            "call r12",
            "ud2",
            "2:",
            inlateout("rax") 56_usize => result,
            in("rdi") flags,
            in("rsi") top,
            in("rdx") 0_usize,
            in("r10") exit_word,
            in("r8") pointer,
            in("r12") entry,
            in("r13") record,
            lateout("rcx") _,
            lateout("r11") _,
        );
    }
    result
}

/// Unmaps the stack that this runs on and ends the thread: in registers only.
///
/// # Safety
/// Nothing else uses the memory.
pub unsafe fn unmap_and_exit(at: usize, len: usize) -> ! {
    // SAFETY: no memory is touched once it is gone; the rest is our caller's promise.
    unsafe {
        asm!(
            "syscall",
            "xor edi, edi",
            "mov eax, 60", // exit(2): this thread alone
            "syscall",
            "ud2",
            in("rax") 11_usize,
            in("rdi") at,
            in("rsi") len,
            options(noreturn),
        );
    }
}
