//! The hot path on aarch64: one load less than the compiler's code. The compiler does not know that the page
//! is hidden, and would look up its address first.

use core::arch::asm;

use crate::generation::page::PAGE_AT;
use crate::protocol::gate::State;

/// Whether the gate is open.
#[inline(always)]
pub fn is_ready() -> bool {
    let gate: usize;
    // SAFETY: reads the gate's word, which is aligned and always mapped. `ldar` has Acquire ordering, and the
    // compiler moves no memory access across an `asm!` that may touch memory.
    unsafe {
        asm!(
            "adrp {gate}, rt0_generation + {word}",
            "add {gate}, {gate}, :lo12:rt0_generation + {word}",
            "ldar {gate:w}, [{gate}]",
            gate = out(reg) gate,
            word = const PAGE_AT,
            options(nostack, preserves_flags),
        );
    }
    gate as u32 == State::Ready as u32
}
