//! Linux on aarch64.

use core::arch::asm;
use core::ffi::c_void;

pub use super::super::processor::{LARGEST_PAGE, call_on_stack};
use super::ThreadEntry;
use super::syscall::Argument;

pub const MAP_NORESERVE: usize = 0x4000;
pub const MMAP_IN_MEMORY: bool = false;

pub fn thread_pointer() -> usize {
    let pointer;
    // SAFETY: reads a register that every program may read.
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

pub unsafe fn syscall(number: usize, args: [Argument; 6]) -> isize {
    let result;
    // SAFETY: the registers are those of the kernel's convention for this processor; the rest is our caller's
    // promise. The kernel preserves all but x0 and the upper parts of the long vectors, which `clobber_abi`
    // includes.
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

pub fn trap() -> ! {
    // SAFETY: it touches nothing, and does not return.
    unsafe { asm!("brk 1", options(noreturn, nomem, nostack)) }
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
            "svc 0",
            "cbnz x0, 2f",
            "mov x29, xzr", // no frame before this one
            "mov x30, xzr",
            "mov x0, x21",
            "blr x20",
            "brk 1",
            "2:",
            in("x8") nr::CLONE,
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

pub unsafe fn unmap_and_exit(at: usize, len: usize) -> ! {
    // SAFETY: uses no memory once the stack is gone; the rest is our caller's promise.
    unsafe {
        asm!(
            "svc 0",
            "mov x0, xzr",
            "mov x8, {exit}", // exit(2): this thread alone
            "svc 0",
            "brk 1",
            exit = const nr::EXIT,
            in("x8") nr::MUNMAP,
            in("x0") at,
            in("x1") len,
            options(noreturn),
        );
    }
}
