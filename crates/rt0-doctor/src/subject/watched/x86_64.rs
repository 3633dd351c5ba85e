//! The System V ABI: rbx, rbp, r12 to r15, the control bits of MXCSR, the x87 control word, and a clear direction
//! flag.

use std::ffi::c_void;

/// What the bits mean.
pub const NAMES: [&str; 9] = [
    "rbx",
    "rbp",
    "r12",
    "r13",
    "r14",
    "r15",
    "mxcsr (how floating-point numbers are rounded and flushed)",
    "the x87 control word",
    "the direction flag",
];

std::arch::global_asm!(
    ".text",
    ".balign 16",
    ".type rt0_doctor_watched, @function",
    "rt0_doctor_watched:",
    "push rbp",
    "push rbx",
    "push r12",
    "push r13",
    "push r14",
    "push r15",
    // 56 bytes below the return address: aligned for the call after these.
    "sub rsp, 24",
    "stmxcsr [rsp]",
    "fnstcw [rsp + 4]",
    "mov rax, rdi",
    // A constructor gets argc, argv and envp; none of them is promised.
    "xor edi, edi",
    "xor esi, esi",
    "xor edx, edx",
    "movabs rbx, 0x1bad1bad1bad1bad",
    "lea rbp, [rbx + 1]",
    "lea r12, [rbx + 2]",
    "lea r13, [rbx + 3]",
    "lea r14, [rbx + 4]",
    "lea r15, [rbx + 5]",
    "call rax",
    "xor eax, eax",
    "pushfq",
    "pop rdx",
    "cld",
    "movabs rcx, 0x1bad1bad1bad1bad",
    "cmp rbx, rcx",
    "je 2f",
    "or eax, 1",
    "2: inc rcx",
    "cmp rbp, rcx",
    "je 2f",
    "or eax, 2",
    "2: inc rcx",
    "cmp r12, rcx",
    "je 2f",
    "or eax, 4",
    "2: inc rcx",
    "cmp r13, rcx",
    "je 2f",
    "or eax, 8",
    "2: inc rcx",
    "cmp r14, rcx",
    "je 2f",
    "or eax, 16",
    "2: inc rcx",
    "cmp r15, rcx",
    "je 2f",
    "or eax, 32",
    // The low six bits of MXCSR only say what has happened.
    "2: stmxcsr [rsp + 8]",
    "mov ecx, [rsp + 8]",
    "xor ecx, [rsp]",
    "test ecx, 0xffc0",
    "jz 2f",
    "or eax, 64",
    "2: fnstcw [rsp + 12]",
    "mov cx, [rsp + 12]",
    "cmp cx, [rsp + 4]",
    "je 2f",
    "or eax, 128",
    "2: test edx, 0x400",
    "jz 2f",
    "or eax, 256",
    "2: ldmxcsr [rsp]",
    "fldcw [rsp + 4]",
    "add rsp, 24",
    "pop r15",
    "pop r14",
    "pop r13",
    "pop r12",
    "pop rbx",
    "pop rbp",
    "ret",
    ".size rt0_doctor_watched, . - rt0_doctor_watched",
);

unsafe extern "C" {
    fn rt0_doctor_watched(function: *const c_void) -> u64;
}

/// Calls the function; a bit is set for each register that it has changed.
///
/// # Safety
/// The function may be called with a constructor's arguments, now.
pub unsafe fn call(function: *const c_void) -> u64 {
    // SAFETY: the caller's promise; the harness above keeps the ABI for us.
    unsafe { rt0_doctor_watched(function) }
}
