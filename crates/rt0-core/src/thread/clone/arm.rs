//! On 32-bit arm. The kernel wants its number in r7, which is the frame's link in Thumb code, and which
//! `asm!` then does not give away: it is put aside.

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
            "mov r9, r7",
            "mov r7, r12",
            "svc 0",
            "mov r7, r9",
            "cmp r0, #0",
            "bne 2f",
            "mov r11, #0", // no frame before this one
            "mov lr, #0",
            "mov r0, r8",
            "blx r5",
            "udf #0",
            "2:",
            inlateout("r12") 120_usize => _,
            inlateout("r0") flags => result,
            in("r1") top,
            in("r2") 0_usize,
            in("r3") pointer,
            in("r4") exit_word,
            in("r5") entry,
            in("r8") record,
            out("r9") _,
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
            "mov r7, #91",
            "svc 0",
            "mov r0, #0",
            "mov r7, #1", // exit(2): this thread alone
            "svc 0",
            "udf #0",
            in("r0") at,
            in("r1") len,
            options(noreturn),
        );
    }
}
