//! x86-64: what a thread knows of itself.

use core::arch::asm;
use core::ffi::c_void;

pub const LARGEST_PAGE: usize = 4096;

/// `GetCurrentFiber` of Microsoft's own header.
pub fn current_fiber() -> *mut c_void {
    let fiber;
    // SAFETY: the thread's own block (`NT_TIB.FiberData`), which the header of the system lays open.
    unsafe {
        asm!(
            "mov {}, gs:[0x20]",
            out(reg) fiber,
            options(nostack, readonly, preserves_flags),
        );
    }
    fiber
}

/// `NtCurrentTeb()->ProcessEnvironmentBlock`.
pub fn process_block() -> *const u8 {
    let block;
    // SAFETY: the thread's own block, as above.
    unsafe {
        asm!(
            "mov {}, gs:[0x60]",
            out(reg) block,
            options(nostack, readonly, preserves_flags),
        );
    }
    block
}

pub const LOADER_LOCK: usize = 0x110;
