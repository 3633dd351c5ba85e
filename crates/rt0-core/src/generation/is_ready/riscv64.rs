//! The hot path on 64-bit RISC-V: one load less than what the compiler makes:
//! it does not know that the page is hidden, and would look its address up first.

use core::arch::asm;

use crate::platform::kernel::LARGEST_PAGE;
use crate::protocol::gate::State;

/// Whether the gate is open.
#[inline(always)]
pub fn is_ready() -> bool {
    let gate: u32;
    // SAFETY: reads the gate's word, aligned and always mapped. A load and this fence have Acquire's
    // order (the ISA's manual, "Mappings from C/C++ primitives"), and the compiler moves no access to
    // memory over an `asm!` that may touch it.
    unsafe {
        asm!(
            "lw {gate}, rt0_generation + {word}",
            "fence r, rw",
            gate = out(reg) gate,
            word = const LARGEST_PAGE,
            options(nostack, preserves_flags),
        );
    }
    gate == State::Ready as u32
}
