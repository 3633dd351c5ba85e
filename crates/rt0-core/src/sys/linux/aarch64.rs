//! Linux on aarch64: the hot path of the gate, system calls and their numbers.

use core::arch::asm;

#[path = "../abi/aarch64.rs"]
mod abi;
pub use self::abi::{LARGEST_PAGE, call_on_stack};

use crate::gate::State;

/// mmap(2)'s "set no memory aside".
pub const MAP_NORESERVE: usize = 0x4000;

/// Whether the gate is open. See [`crate::gate::Gate::is_ready`], which says the same in Rust; here it
/// is one load less: the compiler, who does not know that the page is hidden, would look its address
/// up first.
#[inline(always)]
#[cfg_attr(rt0_tsan, expect(dead_code, reason = "see plain.rs"))]
pub fn is_ready() -> bool {
    let gate: usize;
    // SAFETY: reads the gate's word, aligned and always mapped. `ldar` has Acquire's order, and the
    // compiler moves no access to memory over an `asm!` that may touch it.
    unsafe {
        asm!(
            "adrp {gate}, rt0_generation + {word}",
            "add {gate}, {gate}, :lo12:rt0_generation + {word}",
            "ldar {gate:w}, [{gate}]",
            gate = out(reg) gate,
            word = const LARGEST_PAGE,
            options(nostack, preserves_flags),
        );
    }
    gate as u32 == State::Ready as u32
}

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
