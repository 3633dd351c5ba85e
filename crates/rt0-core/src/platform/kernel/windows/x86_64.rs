//! x86-64: what is in a thread's own block.

use core::arch::asm;
use core::ffi::c_void;

pub const LARGEST_PAGE: usize = 4096;

/// `GetCurrentFiber` of Microsoft's header.
pub fn current_fiber() -> *mut c_void {
    let fiber;
    // SAFETY: reads the thread's own block (`NT_TIB.FiberData`), whose layout the system's header declares.
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
    // SAFETY: reads the thread's own block, as above.
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
