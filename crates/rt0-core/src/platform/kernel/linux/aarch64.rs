//! Linux on aarch64: system calls and their numbers, and threads that no C library has made.

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
    // SAFETY: a register that every program may read.
    unsafe {
        asm!(
            "mrs {}, tpidr_el0",
            out(reg) pointer,
            options(nomem, nostack, preserves_flags),
        );
    }
    pointer
}

pub(super) use super::generic_nr as nr;

/// Makes a system call. A result from -4095 to -1 is an error number, negated.
///
/// # Safety
/// What the call does to this process's memory must be sound.
pub unsafe fn syscall(number: usize, args: [usize; 6]) -> isize {
    let result;
    // SAFETY: the registers are those of the kernel's convention for this processor; the rest is our
    // caller's promise. The kernel keeps all but x0, and the upper parts of the long vectors, which
    // `clobber_abi` has among others.
    unsafe {
        asm!(
            "svc 0",
            in("x8") number,
            inlateout("x0") args[0] => result,
            in("x1") args[1],
            in("x2") args[2],
            in("x3") args[3],
            in("x4") args[4],
            in("x5") args[5],
            clobber_abi("C"),
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
    unsafe { asm!("brk 1", options(noreturn, nomem, nostack)) }
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
    // the values from here but the stack pointer and the result, and the code below is left by a call
    // only.
    unsafe {
        asm!(
            "svc 0",
            "cbnz x0, 2f",
            "mov x29, xzr", // no frame before this one
            "mov x30, xzr",
            "mov x0, x21",
            "blr x20",
            "brk 1",
            "2:",
            in("x8") 220_usize,
            inlateout("x0") flags => result,
            in("x1") top,
            in("x2") 0_usize,
            in("x3") pointer,
            in("x4") exit_word,
            in("x20") entry,
            in("x21") record,
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
            "svc 0",
            "mov x0, xzr",
            "mov x8, 93", // exit(2): this thread alone
            "svc 0",
            "brk 1",
            in("x8") 215_usize,
            in("x0") at,
            in("x1") len,
            options(noreturn),
        );
    }
}
