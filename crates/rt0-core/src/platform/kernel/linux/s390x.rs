//! Linux on s390x.

use core::arch::{asm, global_asm};
use core::ffi::c_void;

use super::ThreadEntry;
use super::syscall::Argument;
use crate::platform::assembler::{begin_function, end_function};

pub const LARGEST_PAGE: usize = 4096;

pub const MAP_NORESERVE: usize = 0x4000;
// This call is older than the kernel's convention of passing six arguments in registers.
pub const MMAP_IN_MEMORY: bool = true;

pub fn thread_pointer() -> usize {
    let pointer;
    // SAFETY: only reads registers. The ABI keeps the pointer in two of them, the upper half in the first.
    unsafe {
        asm!(
            "ear {pointer}, %a0",
            "sllg {pointer}, {pointer}, 32",
            "ear {pointer}, %a1",
            pointer = out(reg) pointer,
            options(nomem, nostack, preserves_flags),
        );
    }
    pointer
}

pub mod nr {
    pub const MMAP: usize = 90;
    pub const MUNMAP: usize = 91;
    pub const MPROTECT: usize = 125;
    pub const MADVISE: usize = 219;
    pub const FUTEX: usize = 238;
    pub const CLOCK_GETTIME: usize = 260;
    pub const NANOSLEEP: usize = 162;
    pub const OPENAT: usize = 288;
    pub const READ: usize = 3;
    pub const CLOSE: usize = 6;
    pub const GETPID: usize = 20;
    pub const GETTID: usize = 236;
    pub const PRCTL: usize = 172;
    pub const RT_SIGACTION: usize = 174;
    pub const RT_SIGPROCMASK: usize = 175;
    pub const SCHED_YIELD: usize = 158;
    pub const MEMBARRIER: usize = 356;
    pub const CLONE: usize = 120;
    pub const SET_TID_ADDRESS: usize = 252;
    pub const EXIT: usize = 1;
}

pub unsafe fn syscall(number: usize, args: [Argument; 6]) -> isize {
    let result;
    // SAFETY: the registers are those of the kernel's convention for this processor, which preserves all but
    // r2; the rest is our caller's promise.
    unsafe {
        asm!(
            "svc 0",
            in("r1") number,
            inlateout("r2") args[0] => result,
            in("r3") args[1],
            in("r4") args[2],
            in("r5") args[3],
            in("r6") args[4],
            in("r7") args[5],
            options(nostack),
        );
    }
    result
}

pub fn trap() -> ! {
    // SAFETY: it touches nothing, and does not return.
    unsafe { asm!(".long 0", options(noreturn, nomem, nostack)) }
}

global_asm!(
    begin_function!("rt0_call_on_stack"),
    ".cfi_startproc",
    "stmg %r11, %r15, 88(%r15)", // into the room that our caller has left for them
    ".cfi_offset %r11, -72",
    ".cfi_offset %r14, -48",
    ".cfi_offset %r15, -40",
    "lgr %r11, %r15", // kept over the call: r11 is callee-saved
    ".cfi_def_cfa_register %r11",
    "lay %r15, -160(%r4)", // onto the other stack, with the same room for the function
    "stg %r11, 0(%r15)",   // the frame's link, by which debuggers find the caller
    "basr %r14, %r3",      // `data` stays in r2
    "lmg %r11, %r15, 88(%r11)", // and back
    ".cfi_def_cfa_register %r15",
    "br %r14",
    ".cfi_endproc",
    end_function!("rt0_call_on_stack"),
);

unsafe extern "C" {
    #[link_name = "rt0_call_on_stack"]
    pub fn call_on_stack(
        data: *mut c_void,
        function: unsafe extern "C" fn(*mut c_void),
        top: *mut u8,
    );
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
    /// What a function expects above its caller's stack pointer: room to save registers, and a link.
    const FRAME: usize = 160;
    let result;
    // SAFETY: on this thread it is a system call like any other. On the new thread, all registers have the
    // values from here except the stack pointer and the result, and the code below ends with a call that does
    // not return.
    unsafe {
        asm!(
            "svc 0",
            "ltgr %r2, %r2",
            "jne 2f",
            "lgr %r2, %r9",
            "basr %r14, %r8",
            ".long 0", // an invalid instruction
            "2:",
            in("r1") nr::CLONE,
            inlateout("r2") top - FRAME => result,
            in("r3") flags,
            in("r4") 0_usize,
            in("r5") exit_word,
            in("r6") pointer,
            in("r8") entry,
            in("r9") record,
        );
    }
    result
}

pub unsafe fn unmap_and_exit(at: usize, len: usize) -> ! {
    // SAFETY: uses no memory once the stack is gone; the rest is our caller's promise.
    unsafe {
        asm!(
            "svc 0",
            "lghi %r2, 0",
            "lghi %r1, {exit}", // exit(2): this thread alone
            "svc 0",
            ".long 0", // an invalid instruction
            exit = const nr::EXIT,
            in("r1") nr::MUNMAP,
            in("r2") at,
            in("r3") len,
            options(noreturn),
        );
    }
}
