//! On 64-bit RISC-V.

use core::arch::asm;

use super::{Entry, Record};

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
    entry: Entry,
    record: *mut Record,
) -> isize {
    let result;
    // SAFETY: on this side it is a call like any other of the kernel's. On the other, all registers have
    // the values from here but the stack pointer and the result, and the code below is left by a call
    // only.
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
            in("a7") 220_usize,
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

/// Unmaps the stack that this runs on and ends the thread: in registers only.
///
/// # Safety
/// Nothing else uses the memory.
pub unsafe fn unmap_and_exit(at: usize, len: usize) -> ! {
    // SAFETY: no memory is touched once it is gone; the rest is our caller's promise.
    unsafe {
        asm!(
            "ecall",
            "mv a0, zero",
            "li a7, 93", // exit(2): this thread alone
            "ecall",
            "unimp",
            in("a7") 215_usize,
            in("a0") at,
            in("a1") len,
            options(noreturn),
        );
    }
}
