//! x86-64: the hot path of the gate, and what a thread knows of itself.

use core::arch::asm;
use core::ffi::c_void;

use crate::gate::State;

/// The page size of this processor.
pub const LARGEST_PAGE: usize = 4096;

/// Whether the gate is open: the same two instructions as on Linux. See [`crate::gate::Gate::is_ready`].
#[inline(always)]
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

/// The fiber that runs on this thread, which must be one: `GetCurrentFiber` of Microsoft's own header.
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

/// The process's own block: `NtCurrentTeb()->ProcessEnvironmentBlock`.
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

/// Where in the process's block the address of the loader's lock stands.
pub const LOADER_LOCK: usize = 0x110;
