//! Linux on 64-bit RISC-V.

use core::arch::{asm, global_asm};
use core::ffi::c_void;

use super::ThreadEntry;
use super::syscall::Argument;
use crate::platform::assembler::{begin_function, end_function};

pub const LARGEST_PAGE: usize = 4096;

pub const MAP_NORESERVE: usize = 0x4000;
pub const MMAP_IN_MEMORY: bool = false;

pub fn thread_pointer() -> usize {
    let pointer;
    // SAFETY: only reads a register.
    unsafe {
        asm!(
            "mv {}, tp",
            out(reg) pointer,
            options(nomem, nostack, preserves_flags),
        );
    }
    pointer
}

pub(super) use super::generic_nr as nr;

pub unsafe fn syscall(number: usize, args: [Argument; 6]) -> isize {
    let result;
    // SAFETY: the registers are those of the kernel's convention for this processor; the rest is our caller's
    // promise. The kernel preserves all but a0 and the vector registers, which `clobber_abi` includes.
    unsafe {
        asm!(
            "ecall",
            in("a7") number,
            inlateout("a0") args[0] => result,
            in("a1") args[1],
            in("a2") args[2],
            in("a3") args[3],
            in("a4") args[4],
            in("a5") args[5],
            clobber_abi("C"),
            options(nostack),
        );
    }
    result
}

pub fn trap() -> ! {
    // SAFETY: it touches nothing, and does not return.
    unsafe { asm!("unimp", options(noreturn, nomem, nostack)) }
}

global_asm!(
    begin_function!("rt0_call_on_stack"),
    ".cfi_startproc",
    "addi sp, sp, -16",
    ".cfi_def_cfa_offset 16",
    "sd ra, 8(sp)", // the return address
    ".cfi_offset ra, -8",
    "sd s0, 0(sp)", // and the frame's link
    ".cfi_offset s0, -16",
    "addi s0, sp, 16", // kept over the call: s0 is callee-saved
    ".cfi_def_cfa s0, 0",
    "mv sp, a2", // onto the other stack; `data` stays in a0
    "jalr a1",
    "addi sp, s0, -16", // and back
    ".cfi_def_cfa sp, 16",
    "ld ra, 8(sp)",
    ".cfi_restore ra",
    "ld s0, 0(sp)",
    ".cfi_restore s0",
    "addi sp, sp, 16",
    ".cfi_def_cfa_offset 0",
    "ret",
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
    let result;
    // SAFETY: on this thread it is a system call like any other. On the new thread, all registers have the
    // values from here except the stack pointer and the result, and the code below ends with a call that does
    // not return.
    unsafe {
        asm!(
            "ecall",
            "bnez a0, 2f",
            "mv s0, zero", // no frame before this one
            "mv ra, zero",
            "mv a0, s3",
            "jalr s2",
            "unimp",
            "2:",
            in("a7") nr::CLONE,
            inlateout("a0") flags => result,
            in("a1") top,
            in("a2") 0_usize,
            in("a3") pointer,
            in("a4") exit_word,
            in("s2") entry,
            in("s3") record,
            clobber_abi("C"),
        );
    }
    result
}

pub unsafe fn unmap_and_exit(at: usize, len: usize) -> ! {
    // SAFETY: uses no memory once the stack is gone; the rest is our caller's promise.
    unsafe {
        asm!(
            "ecall",
            "mv a0, zero",
            "li a7, {exit}", // exit(2): this thread alone
            "ecall",
            "unimp",
            exit = const nr::EXIT,
            in("a7") nr::MUNMAP,
            in("a0") at,
            in("a1") len,
            options(noreturn),
        );
    }
}
