//! Linux on 64-bit RISC-V: system calls and their numbers, and threads that no C library has made, and how to run
//! on another stack.

use core::arch::{asm, naked_asm};
use core::ffi::c_void;

use super::ThreadEntry;

/// The largest page that a kernel for this processor uses, in bytes.
pub const LARGEST_PAGE: usize = 4096;

/// mmap(2)'s "set no memory aside".
pub const MAP_NORESERVE: usize = 0x4000;

/// The calling thread's pointer to its own data: no other thread of the process has the same, and a
/// fork's child keeps it. Only for a thread of a C library's.
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

/// Makes a system call. A result from -4095 to -1 is an error number, negated.
///
/// # Safety
/// What the call does to this process's memory must be sound.
pub unsafe fn syscall(number: usize, args: [usize; 6]) -> isize {
    let result;
    // SAFETY: the registers are those of the kernel's convention for this processor; the rest is our
    // caller's promise. The kernel keeps all but a0 and the vector registers, which `clobber_abi` has
    // among others.
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
    unsafe { asm!("unimp", options(noreturn, nomem, nostack)) }
}

/// Calls `function(data)` on the stack that ends at `top`, and comes back to this one.
///
/// # Safety
/// `top` is the upper end, aligned to 16 bytes, of memory that nothing else uses and that is large
/// enough for what the function does. The function does not unwind.
#[unsafe(naked)]
pub unsafe extern "C" fn call_on_stack(
    data: *mut c_void,
    function: unsafe extern "C" fn(*mut c_void),
    top: *mut u8,
) {
    naked_asm!(
        ".cfi_startproc",
        "addi sp, sp, -16",
        ".cfi_def_cfa_offset 16",
        "sd ra, 8(sp)", // the way back
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
    )
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
