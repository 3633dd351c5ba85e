//! Linux on 32-bit x86: system calls and their numbers, and how to run on another stack.

use core::arch::{asm, naked_asm};
use core::ffi::c_void;

/// The largest page that a kernel for this processor uses, in bytes.
pub const LARGEST_PAGE: usize = 4096;

/// mmap(2)'s "set no memory aside".
pub const MAP_NORESERVE: usize = 0x4000;

/// A function of this name, which goes on to another with all that it was given.
#[doc(hidden)]
#[macro_export]
macro_rules! __function {
    ($symbol:literal) => {
        ::core::concat!(
            $symbol,
            ": jmp {target}@PLT\n.size ",
            $symbol,
            ", . - ",
            $symbol
        )
    };
}

/// The calling thread's pointer to its own data: no other thread of the process has the same, and a
/// fork's child keeps it. Only for a thread of a C library's.
pub fn thread_pointer() -> usize {
    let pointer;
    // SAFETY: the ABI of thread-local storage for this processor puts the pointer's own value at its
    // first word, and every C library that makes threads keeps to it.
    unsafe {
        asm!(
            "mov {}, gs:[0]",
            out(reg) pointer,
            options(nostack, readonly, preserves_flags),
        );
    }
    pointer
}

/// The numbers of the calls that rt0 makes. Those of users and groups are the ones with 32 bits.
pub mod nr {
    pub const READ: usize = 3;
    pub const CLOSE: usize = 6;
    pub const GETPID: usize = 20;
    pub const NANOSLEEP: usize = 162;
    pub const MUNMAP: usize = 91;
    pub const MPROTECT: usize = 125;
    pub const PRCTL: usize = 172;
    pub const RT_SIGACTION: usize = 174;
    pub const RT_SIGPROCMASK: usize = 175;
    pub const MMAP2: usize = 192;
    pub const MADVISE: usize = 219;
    pub const GETTID: usize = 224;
    pub const FUTEX: usize = 240;
    pub const SET_TID_ADDRESS: usize = 258;
    pub const CLOCK_GETTIME: usize = 265;
    pub const OPENAT: usize = 295;
    pub const MEMBARRIER: usize = 375;
    pub const CLOCK_GETTIME64: usize = 403;
    pub const FUTEX_TIME64: usize = 422;
}

/// Makes a system call. A result from -4095 to -1 is an error number, negated.
///
/// # Safety
/// What the call does to this process's memory must be sound.
pub unsafe fn syscall(number: usize, args: [usize; 6]) -> isize {
    // SAFETY: passed on to our caller; the array has six words.
    unsafe { call_kernel(number, args.as_ptr()) }
}

/// The kernel wants two registers that `asm!` does not give away: esi and ebp.
///
/// # Safety
/// As [`syscall`]; `args` leads to six words.
#[unsafe(naked)]
unsafe extern "C" fn call_kernel(number: usize, args: *const usize) -> isize {
    naked_asm!(
        ".cfi_startproc",
        "push ebp",
        ".cfi_def_cfa_offset 8",
        ".cfi_offset ebp, -8",
        "push edi",
        ".cfi_def_cfa_offset 12",
        ".cfi_offset edi, -12",
        "push esi",
        ".cfi_def_cfa_offset 16",
        ".cfi_offset esi, -16",
        "push ebx",
        ".cfi_def_cfa_offset 20",
        ".cfi_offset ebx, -20",
        "mov eax, [esp + 20]", // number
        "mov ebp, [esp + 24]", // args, up to the last of them
        "mov ebx, [ebp]",
        "mov ecx, [ebp + 4]",
        "mov edx, [ebp + 8]",
        "mov esi, [ebp + 12]",
        "mov edi, [ebp + 16]",
        "mov ebp, [ebp + 20]",
        "int 0x80", // keeps all but eax
        "pop ebx",
        ".cfi_def_cfa_offset 16",
        ".cfi_restore ebx",
        "pop esi",
        ".cfi_def_cfa_offset 12",
        ".cfi_restore esi",
        "pop edi",
        ".cfi_def_cfa_offset 8",
        ".cfi_restore edi",
        "pop ebp",
        ".cfi_def_cfa_offset 4",
        ".cfi_restore ebp",
        "ret",
        ".cfi_endproc",
    )
}

/// Makes the call mmap(2), with its arguments in the order of the manual; the offset, in units of 4096
/// bytes.
///
/// # Safety
/// As [`syscall`].
pub unsafe fn mmap(args: [usize; 6]) -> isize {
    // SAFETY: passed on to our caller.
    unsafe { syscall(nr::MMAP2, args) }
}

/// Ends the process by a signal, at an instruction that is none. A thread that has the signal blocked
/// dies of it all the same.
pub fn trap() -> ! {
    // SAFETY: it touches nothing, and does not come back.
    unsafe { asm!("ud2", options(noreturn, nomem, nostack)) }
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
        "push ebp", // the frame's link, by which debuggers find the way back
        ".cfi_def_cfa_offset 8",
        ".cfi_offset ebp, -8",
        "mov ebp, esp", // kept over the call: ebp is callee-saved
        ".cfi_def_cfa_register ebp",
        "mov eax, [ebp + 8]",  // data
        "mov ecx, [ebp + 12]", // function
        "mov esp, [ebp + 16]", // onto the other stack
        "sub esp, 16",         // aligned at the call, with the argument on top
        "mov [esp], eax",
        "call ecx",
        "mov esp, ebp", // and back
        "pop ebp",
        ".cfi_def_cfa esp, 4",
        ".cfi_restore ebp",
        "ret",
        ".cfi_endproc",
    )
}
