//! Linux on 32-bit arm, from ARMv5TE on, with the EABI. Rust's functions are Arm or Thumb-2 code, depending on the target.
//! Those in assembly are Arm code everywhere.
//!
//! They return by loading pc, which also switches between Arm and Thumb code. They call by name, where the linker takes
//! care of the switch.

use core::arch::{asm, global_asm};
use core::ffi::{c_int, c_void};

use super::ThreadEntry;
use super::syscall::Argument;
use crate::platform::assembler::{begin_function, end_function, weak};

/// The processor has pages of 4 KiB. But a 64-bit kernel with larger pages can run 32-bit programs, because
/// they are linked for 64 KiB.
pub const LARGEST_PAGE: usize = 64 * 1024;

pub const MAP_NORESERVE: usize = 0x4000;
pub const MMAP_IN_MEMORY: bool = false;

weak! {
    /// The EABI's function for the thread pointer. C libraries have it for older processors, which keep the
    /// pointer in another place than newer ones. Its calling convention is special: see `thread_pointer`.
    read_thread_pointer = "__aeabi_read_tp", unsafe extern "C" fn() -> c_int;
}

pub fn thread_pointer() -> usize {
    let pointer;
    match read_thread_pointer() {
        // SAFETY: "Run-time ABI for the Arm Architecture": the result is in r0, and all other registers
        // except ip, lr and the flags are preserved.
        Some(read) => unsafe {
            asm!(
                "blx {read}",
                read = in(reg) read,
                lateout("r0") pointer,
                lateout("r12") _,
                lateout("lr") _,
            );
        },
        // SAFETY: a C library without that function is for processors with this register (from ARMv6K on),
        // which every program may read.
        None => unsafe {
            asm!(
                "mrc p15, 0, {}, c13, c0, 3",
                out(reg) pointer,
                options(nomem, nostack, preserves_flags),
            );
        },
    }
    pointer
}

pub mod nr {
    /// mmap2(2), whose offset is in units of 4096 bytes.
    pub const MMAP: usize = 192;
    pub const MUNMAP: usize = 91;
    pub const MPROTECT: usize = 125;
    pub const MADVISE: usize = 220;
    pub const FUTEX: usize = 240;
    pub const CLOCK_GETTIME: usize = 263;
    pub const NANOSLEEP: usize = 162;
    pub const OPENAT: usize = 322;
    pub const READ: usize = 3;
    pub const CLOSE: usize = 6;
    pub const GETPID: usize = 20;
    pub const GETTID: usize = 224;
    pub const PRCTL: usize = 172;
    pub const RT_SIGACTION: usize = 174;
    pub const RT_SIGPROCMASK: usize = 175;
    pub const SCHED_YIELD: usize = 158;
    pub const MEMBARRIER: usize = 389;
    pub const CLONE: usize = 120;
    pub const SET_TID_ADDRESS: usize = 256;
    pub const EXIT: usize = 1;
    pub const FUTEX_TIME64: usize = 422;
    pub const CLOCK_GETTIME64: usize = 403;
}

pub unsafe fn syscall(number: usize, args: [Argument; 6]) -> isize {
    // SAFETY: passed on to our caller; the array has six words.
    unsafe { call_kernel(number, args.as_ptr().cast()) }
}

global_asm!(
    begin_function!("rt0_call_kernel"),
    ".fnstart",
    "push {{r4, r5, r6, r7, r8, lr}}", // r8 only to align the stack to 8 bytes
    ".save {{r4, r5, r6, r7, r8, lr}}",
    "mov r7, r0",
    "mov r12, r1",
    "ldm r12, {{r0, r1, r2, r3, r4, r5}}",
    "svc 0", // preserves all but r0
    "pop {{r4, r5, r6, r7, r8, pc}}",
    ".fnend",
    end_function!("rt0_call_kernel"),
);

unsafe extern "C" {
    /// The kernel takes the number in r7, which in Thumb code holds the frame's link: `asm!` does not allow it as
    /// an operand.
    ///
    /// # Safety
    /// As for [`syscall`]; `args` points to six words.
    #[link_name = "rt0_call_kernel"]
    fn call_kernel(number: usize, args: *const usize) -> isize;
}

pub fn trap() -> ! {
    // SAFETY: it touches nothing, and does not return.
    unsafe { asm!("udf #0", options(noreturn, nomem, nostack)) }
}

global_asm!(
    begin_function!("rt0_call_on_stack"),
    ".fnstart",
    "push {{r11, lr}}", // the frame's link and the return address
    ".save {{r11, lr}}",
    "mov r11, sp", // kept over the call: r11 is callee-saved
    ".setfp r11, sp",
    "mov sp, r2", // onto the other stack; `data` and `function` stay where they are
    "bl {call}",
    "mov sp, r11", // and back
    "pop {{r11, pc}}",
    ".fnend",
    end_function!("rt0_call_on_stack"),
    call = sym call,
);

unsafe extern "C" {
    #[link_name = "rt0_call_on_stack"]
    pub fn call_on_stack(
        data: *mut c_void,
        function: unsafe extern "C" fn(*mut c_void),
        top: *mut u8,
    );
}

/// Calls `function(data)`.
///
/// # Safety
/// As for the function.
unsafe extern "C" fn call(data: *mut c_void, function: unsafe extern "C" fn(*mut c_void)) {
    // SAFETY: passed on to our caller.
    unsafe { function(data) }
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
            inlateout("r12") nr::CLONE => _,
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

pub unsafe fn unmap_and_exit(at: usize, len: usize) -> ! {
    // SAFETY: uses no memory once the stack is gone; the rest is our caller's promise.
    unsafe {
        asm!(
            "mov r7, #{munmap}",
            "svc 0",
            "mov r0, #0",
            "mov r7, #{exit}", // exit(2): this thread alone
            "svc 0",
            "udf #0",
            munmap = const nr::MUNMAP,
            exit = const nr::EXIT,
            in("r0") at,
            in("r1") len,
            options(noreturn),
        );
    }
}
