//! Linux on x86-64: the hot path of the gate, system calls and their numbers.

use core::arch::asm;

#[path = "../abi/x86_64.rs"]
mod abi;
pub use self::abi::{LARGEST_PAGE, call_on_stack};

use crate::gate::State;

/// mmap(2)'s "set no memory aside".
pub const MAP_NORESERVE: usize = 0x4000;

/// Whether the gate is open. See [`crate::gate::Gate::is_ready`], which says the same in Rust; here it
/// is two instructions instead of four.
#[inline(always)]
#[cfg_attr(rt0_tsan, expect(dead_code, reason = "see plain.rs"))]
pub fn is_ready() -> bool {
    // SAFETY: reads the gate's word, aligned and always mapped. A load on this processor has Acquire's
    // order, and the compiler moves no access to memory over an `asm!` that may read it.
    unsafe {
        asm!(
            "cmp dword ptr [rip + rt0_generation + {word}], {ready}",
            "jne {closed}",
            word = const LARGEST_PAGE,
            ready = const State::Ready as u32,
            closed = label { return false },
            options(nostack),
        );
    }
    true
}

/// The calling thread's pointer to its own data: no other thread of the process has the same, and a
/// fork's child keeps it. Only for a thread of a C library's.
pub fn thread_pointer() -> usize {
    let pointer;
    // SAFETY: the ABI of thread-local storage for this processor puts the pointer's own value at its
    // first word, and every C library that makes threads keeps to it.
    unsafe {
        asm!(
            "mov {}, fs:[0]",
            out(reg) pointer,
            options(nostack, readonly, preserves_flags),
        );
    }
    pointer
}

/// The numbers of the calls that rt0 makes.
pub mod nr {
    pub const READ: usize = 0;
    pub const CLOSE: usize = 3;
    pub const MMAP: usize = 9;
    pub const MPROTECT: usize = 10;
    pub const MUNMAP: usize = 11;
    pub const RT_SIGACTION: usize = 13;
    pub const RT_SIGPROCMASK: usize = 14;
    pub const MADVISE: usize = 28;
    pub const GETPID: usize = 39;
    pub const NANOSLEEP: usize = 35;
    pub const PRCTL: usize = 157;
    pub const GETTID: usize = 186;
    pub const FUTEX: usize = 202;
    pub const SET_TID_ADDRESS: usize = 218;
    pub const CLOCK_GETTIME: usize = 228;
    pub const OPENAT: usize = 257;
    pub const MEMBARRIER: usize = 324;
}

/// Makes a system call. A result from -4095 to -1 is an error number, negated.
///
/// # Safety
/// What the call does to this process's memory must be sound.
pub unsafe fn syscall(number: usize, args: [usize; 6]) -> isize {
    let result;
    // SAFETY: the registers are those of the kernel's convention for this processor, which keeps all
    // but rax, rcx and r11; the rest is our caller's promise.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") number as isize => result,
            in("rdi") args[0],
            in("rsi") args[1],
            in("rdx") args[2],
            in("r10") args[3],
            in("r8") args[4],
            in("r9") args[5],
            lateout("rcx") _,
            lateout("r11") _,
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
    unsafe { asm!("ud2", options(noreturn, nomem, nostack)) }
}
