//! On s390x.

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
    /// What a function finds above its caller's stack pointer: room to save registers, and a link.
    const FRAME: usize = 160;
    let result;
    // SAFETY: on this side it is a call like any other of the kernel's. On the other, all registers have
    // the values from here but the stack pointer and the result, and the code below is left by a call
    // only.
    unsafe {
        asm!(
            "svc 0",
            "ltgr %r2, %r2",
            "jne 2f",
            "lgr %r2, %r9",
            "basr %r14, %r8",
            ".long 0", // an instruction that is none
            "2:",
            in("r1") 120_usize,
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

/// Unmaps the stack that this runs on and ends the thread: in registers only.
///
/// # Safety
/// Nothing else uses the memory.
pub unsafe fn unmap_and_exit(at: usize, len: usize) -> ! {
    // SAFETY: no memory is touched once it is gone; the rest is our caller's promise.
    unsafe {
        asm!(
            "svc 0",
            "lghi %r2, 0",
            "lghi %r1, 1", // exit(2): this thread alone
            "svc 0",
            ".long 0", // an instruction that is none
            in("r1") 91_usize,
            in("r2") at,
            in("r3") len,
            options(noreturn),
        );
    }
}
