//! The hot path on 64-bit RISC-V: one load less than the compiler's code. The compiler does not know that the
//! page is hidden, and would look up its address first.

use core::arch::asm;

use crate::generation::page::PAGE_AT;
use crate::protocol::gate::State;

/// Whether the gate is open.
#[inline(always)]
pub fn is_ready() -> bool {
    let gate: u32;
    // SAFETY: reads the gate's word, which is aligned and always mapped. A load and this fence have Acquire
    // ordering (the ISA's manual, "Mappings from C/C++ primitives"), and the compiler moves no memory access
    // across an `asm!` that may touch memory.
    unsafe {
        asm!(
            "lw {gate}, rt0_generation + {word}",
            "fence r, rw",
            gate = out(reg) gate,
            word = const PAGE_AT,
            options(nostack, preserves_flags),
        );
    }
    gate == State::Ready as u32
}
