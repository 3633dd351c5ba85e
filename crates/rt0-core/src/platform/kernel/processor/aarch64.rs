//! aarch64, on every system.

use core::arch::global_asm;
use core::ffi::c_void;

use crate::platform::assembler::{begin_function, end_function};

/// Linux has up to 64 KiB, macOS 16 KiB, the BSDs 4 KiB.
pub const LARGEST_PAGE: usize = 64 * 1024;

global_asm!(
    begin_function!("rt0_call_on_stack"),
    ".cfi_startproc",
    "stp x29, x30, [sp, #-16]!", // the frame's link and the return address
    ".cfi_def_cfa_offset 16",
    ".cfi_offset x29, -16",
    ".cfi_offset x30, -8",
    "mov x29, sp", // kept over the call: x29 is callee-saved
    ".cfi_def_cfa_register x29",
    "mov sp, x2", // onto the other stack; `data` stays in x0
    "blr x1",
    "mov sp, x29", // and back
    ".cfi_def_cfa_register sp",
    "ldp x29, x30, [sp], #16",
    ".cfi_def_cfa_offset 0",
    ".cfi_restore x29",
    ".cfi_restore x30",
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
