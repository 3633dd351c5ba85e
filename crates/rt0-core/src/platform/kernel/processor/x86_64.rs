//! x86-64, on every system.

use core::arch::global_asm;
use core::ffi::c_void;

use crate::platform::assembler::{begin_function, end_function};

pub const LARGEST_PAGE: usize = 4096;

global_asm!(
    begin_function!("rt0_call_on_stack"),
    ".cfi_startproc",
    "push rbp", // the frame's link, by which debuggers find the caller
    ".cfi_def_cfa_offset 16",
    ".cfi_offset rbp, -16",
    "mov rbp, rsp", // kept over the call: rbp is callee-saved
    ".cfi_def_cfa_register rbp",
    "mov rsp, rdx", // onto the other stack; `data` stays in rdi
    "call rsi",
    "mov rsp, rbp", // and back
    "pop rbp",
    ".cfi_def_cfa rsp, 8",
    "ret",
    ".cfi_endproc",
    end_function!("rt0_call_on_stack"),
);

unsafe extern "C" {
    #[link_name = "rt0_call_on_stack"]
    pub fn call_on_stack(
        data: *mut c_void,
        function: unsafe extern "C" fn(*mut c_void),
        top: *mut u8,
    );
}
