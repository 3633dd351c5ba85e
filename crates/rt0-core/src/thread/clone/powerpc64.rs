//! On 64-bit PowerPC, in both of its ABIs.

use core::arch::asm;

use super::{Entry, Record};

/// Where the thread pointer lies behind the start of the thread's own data: by the ABI, this far behind
/// what it stands for. Code looks on both sides of that.
pub const POINTER_AT: usize = 2048 + 0x7000;

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
    /// The least frame of either ABI; its first word is the link to the one before: none.
    const FRAME: usize = 112;
    let result;
    // SAFETY: on this side it is a call like any other of the kernel's. On the other, all registers have
    // the values from here but the stack pointer and the result, and the code below is left by a call
    // only.
    unsafe {
        asm!(
            "sc",
            "bso 3f",
            "cmpdi 3, 0",
            "bne 2f",
            "mr 3, 16",
            #[cfg(target_abi = "elfv1")]
            "ld 2, 8(15)", // what a descriptor has: the code, and the table of contents
            #[cfg(target_abi = "elfv1")]
            "ld 15, 0(15)",
            "mr 12, 15", // by which the function finds that table in the newer ABI
            "mtctr 12",
            "bctrl",
            "trap",
            "3:",
            "neg 3, 3",
            "2:",
            inlateout("r0") 120_usize => _,
            inlateout("r3") flags => result,
            inlateout("r4") top - FRAME => _,
            inlateout("r5") 0_usize => _,
            inlateout("r6") pointer => _,
            inlateout("r7") exit_word => _,
            in("r15") entry,
            in("r16") record,
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
            "sc",
            "li 3, 0",
            "li 0, 1", // exit(2): this thread alone
            "sc",
            "trap",
            in("r0") 91_usize,
            in("r3") at,
            in("r4") len,
            options(noreturn),
        );
    }
}
