//! Linux on x86-64.

use core::arch::asm;
use core::ffi::c_void;

pub use super::super::processor::{LARGEST_PAGE, call_on_stack};
use super::ThreadEntry;
use super::syscall::Argument;

pub const MAP_NORESERVE: usize = 0x4000;
pub const MMAP_IN_MEMORY: bool = false;

pub fn thread_pointer() -> usize {
    let pointer;
    // SAFETY: this processor's ABI for thread-local storage keeps the pointer's own value in the word that it
    // points to, and every C library that makes threads follows it.
    unsafe {
        asm!(
            "mov {}, fs:[0]",
            out(reg) pointer,
            options(nostack, readonly, preserves_flags),
        );
    }
    pointer
}

pub mod nr {
    pub const MMAP: usize = 9;
    pub const MUNMAP: usize = 11;
    pub const MPROTECT: usize = 10;
    pub const MADVISE: usize = 28;
    pub const FUTEX: usize = 202;
    pub const CLOCK_GETTIME: usize = 228;
    pub const NANOSLEEP: usize = 35;
    pub const OPENAT: usize = 257;
    pub const READ: usize = 0;
    pub const CLOSE: usize = 3;
    pub const GETPID: usize = 39;
    pub const GETTID: usize = 186;
    pub const PRCTL: usize = 157;
    pub const RT_SIGACTION: usize = 13;
    pub const RT_SIGPROCMASK: usize = 14;
    pub const SCHED_YIELD: usize = 24;
    pub const MEMBARRIER: usize = 324;
    pub const CLONE: usize = 56;
    pub const SET_TID_ADDRESS: usize = 218;
    pub const EXIT: usize = 60;
}

pub unsafe fn syscall(number: usize, args: [Argument; 6]) -> isize {
    let result;
    // SAFETY: the registers are those of the kernel's convention for this processor, which preserves all but
    // rax, rcx and r11; the rest is our caller's promise.
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

pub fn trap() -> ! {
    // SAFETY: it touches nothing, and does not return.
    unsafe { asm!("ud2", options(noreturn, nomem, nostack)) }
}

pub const POINTER_AT: usize = 2048;

pub unsafe fn clone(
    flags: usize,
    top: usize,
    exit_word: usize,
    pointer: usize,
    entry: ThreadEntry,
    record: *mut c_void,
) -> isize {
    let result;
    // SAFETY: on this thread it is a system call like any other. On the new thread, all registers have the
    // values from here except rsp and rax, and the code below ends with a call that does not return.
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
            inlateout("rax") nr::CLONE => result,
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

pub unsafe fn unmap_and_exit(at: usize, len: usize) -> ! {
    // SAFETY: uses no memory once the stack is gone; the rest is our caller's promise.
    unsafe {
        asm!(
            "syscall",
            "xor edi, edi",
            "mov eax, {exit}", // exit(2): this thread alone
            "syscall",
            "ud2",
            exit = const nr::EXIT,
            in("rax") nr::MUNMAP,
            in("rdi") at,
            in("rsi") len,
            options(noreturn),
        );
    }
}
