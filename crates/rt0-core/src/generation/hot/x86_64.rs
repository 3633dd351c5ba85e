//! On x86-64: one instruction each. `plain.rs` says what they are.

use core::arch::asm;
use core::mem::offset_of;

use crate::generation::page::{PAGE_AT, Page};

/// One of the page's words.
macro_rules! word {
    ($type:ty, $field:ident $(. $inner:ident)? $(, $option:ident)*) => {{
        let word: $type;
        // SAFETY: reads a word of the page, which is aligned and always mapped. A load on this processor has
        // Acquire ordering, and the compiler keeps the order of `asm!` blocks as long as one of two may write
        // memory.
        unsafe {
            asm!(
                "mov {word}, qword ptr [rip + rt0_generation + {at}]",
                word = out(reg) word,
                at = const PAGE_AT + offset_of!(Page, $field $(. $inner)?),
                options($($option,)* nostack, preserves_flags),
            );
        }
        word
    }};
}

/// See `plain.rs`.
#[inline(always)]
pub fn pass() -> usize {
    word!(usize, current.pass)
}

/// See `plain.rs`.
#[inline(always)]
pub fn fixed() -> usize {
    word!(usize, current.fixed)
}

/// See `plain.rs`.
#[inline(always)]
pub fn state() -> *const () {
    // It may be left out of calls that do not use it. The look at the gate before it may write memory.
    word!(*const (), state, pure, readonly)
}
