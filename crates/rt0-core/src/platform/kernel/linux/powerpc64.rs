//! Linux on 64-bit PowerPC.
//!
//! There are two ABIs. In the older one, which most big-endian systems use, a function's address is that of a
//! descriptor of three words. The first is the address of the code. The second is the address of the file's
//! table of contents (TOC), which goes into r2. In the newer ABI a function has two entries. Callers in other
//! files use the first, with the function's address in r12, from which the function finds its TOC. Callers
//! that have the same TOC use the second, a little further on.

use core::arch::{asm, global_asm};
use core::ffi::c_void;

use super::ThreadEntry;
use super::syscall::Argument;
use crate::platform::assembler::{begin_function, end_function};

pub const LARGEST_PAGE: usize = 64 * 1024;

// Not the number of the other processors.
pub const MAP_NORESERVE: usize = 0x40;
pub const MMAP_IN_MEMORY: bool = false;

pub fn thread_pointer() -> usize {
    let pointer;
    // SAFETY: only reads a register, which both ABIs reserve for this.
    unsafe {
        asm!(
            "mr {}, 13",
            out(reg) pointer,
            options(nomem, nostack, preserves_flags),
        );
    }
    pointer
}

pub mod nr {
    pub const MMAP: usize = 90;
    pub const MUNMAP: usize = 91;
    pub const MPROTECT: usize = 125;
    pub const MADVISE: usize = 205;
    pub const FUTEX: usize = 221;
    pub const CLOCK_GETTIME: usize = 246;
    pub const NANOSLEEP: usize = 162;
    pub const OPENAT: usize = 286;
    pub const READ: usize = 3;
    pub const CLOSE: usize = 6;
    pub const GETPID: usize = 20;
    pub const GETTID: usize = 207;
    pub const PRCTL: usize = 171;
    pub const RT_SIGACTION: usize = 173;
    pub const RT_SIGPROCMASK: usize = 174;
    pub const SCHED_YIELD: usize = 158;
    pub const MEMBARRIER: usize = 365;
    pub const CLONE: usize = 120;
    pub const SET_TID_ADDRESS: usize = 232;
    pub const EXIT: usize = 1;
}

pub unsafe fn syscall(number: usize, args: [Argument; 6]) -> isize {
    let result;
    // SAFETY: the registers are those of the kernel's convention for this processor, which is a function call's, but for
    // the link register and those of floating point and vectors: they keep their values. (`clobber_abi` includes the
    // halves of the latter that no function preserves, and the compiler would save the other halves.) The rest is our
    // caller's promise. The kernel returns an error as a positive number, and sets a flag.
    unsafe {
        asm!(
            "sc",
            "bns+ 2f",
            "neg 3, 3",
            "2:",
            inlateout("r0") number => _,
            inlateout("r3") args[0] => result,
            inlateout("r4") args[1] => _,
            inlateout("r5") args[2] => _,
            inlateout("r6") args[3] => _,
            inlateout("r7") args[4] => _,
            inlateout("r8") args[5] => _,
            out("r9") _,
            out("r10") _,
            out("r11") _,
            out("r12") _,
            out("cr0") _,
            out("ctr") _,
            out("xer") _,
            options(nostack),
        );
    }
    result
}

pub fn trap() -> ! {
    // SAFETY: it touches nothing, and does not return.
    unsafe { asm!("trap", options(noreturn, nomem, nostack)) }
}

/// The size of `call_on_stack`'s own frame, where in it the TOC is kept, and the smallest frame that a
/// function expects above its own.
const FRAME: usize = if cfg!(target_abi = "elfv1") { 128 } else { 48 };
const TOC_AT: usize = if cfg!(target_abi = "elfv1") { 40 } else { 24 };
const LEAST_FRAME: usize = if cfg!(target_abi = "elfv1") { 112 } else { 32 };

// In the older ABI, call it only by name: it has no descriptor.
global_asm!(
    begin_function!("rt0_call_on_stack"),
    ".cfi_startproc",
    "mflr 0",
    "std 0, 16(1)", // the return address, into the room that our caller has left for it
    ".cfi_offset lr, 16",
    "std 31, -8(1)",
    ".cfi_offset 31, -8",
    "stdu 1, -{frame}(1)", // our own frame, linked to our caller's
    ".cfi_def_cfa_offset {frame}",
    "std 2, {toc}(1)", // the TOC, in case the function is in another file
    "mr 31, 1",        // kept over the call: r31 is callee-saved
    ".cfi_def_cfa_register 31",
    "stdu 1, -{least_frame}(5)", // the smallest frame on the other stack, linked to ours
    "mr 1, 5",                   // and onto it; `data` stays in r3
    #[cfg(target_abi = "elfv1")]
    "ld 0, 0(4)", // the descriptor's words: the code, the TOC, and one for other languages
    #[cfg(target_abi = "elfv1")]
    "ld 2, 8(4)",
    #[cfg(target_abi = "elfv1")]
    "ld 11, 16(4)",
    #[cfg(target_abi = "elfv1")]
    "mtctr 0",
    #[cfg(target_abi = "elfv2")]
    "mr 12, 4", // from which the function finds its TOC
    #[cfg(target_abi = "elfv2")]
    "mtctr 12",
    "bctrl",
    "mr 1, 31", // and back
    ".cfi_def_cfa_register 1",
    "ld 2, {toc}(1)",
    "addi 1, 1, {frame}",
    ".cfi_def_cfa_offset 0",
    "ld 31, -8(1)",
    ".cfi_restore 31",
    "ld 0, 16(1)",
    "mtlr 0",
    ".cfi_restore lr",
    "blr",
    ".cfi_endproc",
    end_function!("rt0_call_on_stack"),
    frame = const FRAME,
    toc = const TOC_AT,
    least_frame = const LEAST_FRAME,
);

unsafe extern "C" {
    #[link_name = "rt0_call_on_stack"]
    pub fn call_on_stack(
        data: *mut c_void,
        function: unsafe extern "C" fn(*mut c_void),
        top: *mut u8,
    );
}

/// How far the thread pointer is from the start of the thread's own data. The ABI has it point 0x7000 bytes
/// past the place that code reads around, which is itself 2048 bytes in.
pub const POINTER_AT: usize = 2048 + 0x7000;

pub unsafe fn clone(
    flags: usize,
    top: usize,
    exit_word: usize,
    pointer: usize,
    entry: ThreadEntry,
    record: *mut c_void,
) -> isize {
    /// Large enough for either ABI. Its first word is the link to the previous frame; zero, as there is none.
    const FRAME: usize = 112;
    let result;
    // SAFETY: on this thread it is a system call like any other. On the new thread, all registers have the
    // values from here except the stack pointer and the result, and the code below ends with a call that does
    // not return.
    unsafe {
        asm!(
            "sc",
            "bso 3f",
            "cmpdi 3, 0",
            "bne 2f",
            "mr 3, 16",
            #[cfg(target_abi = "elfv1")]
            "ld 2, 8(15)", // the descriptor's words: the code, and the TOC
            #[cfg(target_abi = "elfv1")]
            "ld 15, 0(15)",
            "mr 12, 15", // from which the function finds its TOC in the newer ABI
            "mtctr 12",
            "bctrl",
            "trap",
            "3:",
            "neg 3, 3",
            "2:",
            inlateout("r0") nr::CLONE => _,
            inlateout("r3") flags => result,
            inlateout("r4") top - FRAME => _,
            inlateout("r5") 0_usize => _,
            inlateout("r6") pointer => _,
            inlateout("r7") exit_word => _,
            out("r8") _,
            out("r9") _,
            out("r10") _,
            out("r11") _,
            out("r12") _,
            in("r15") entry,
            in("r16") record,
            out("cr0") _,
            out("ctr") _,
            out("xer") _,
        );
    }
    result
}

pub unsafe fn unmap_and_exit(at: usize, len: usize) -> ! {
    // SAFETY: uses no memory once the stack is gone; the rest is our caller's promise.
    unsafe {
        asm!(
            "sc",
            "li 3, 0",
            "li 0, {exit}", // exit(2): this thread alone
            "sc",
            "trap",
            exit = const nr::EXIT,
            in("r0") nr::MUNMAP,
            in("r3") at,
            in("r4") len,
            options(noreturn),
        );
    }
}
