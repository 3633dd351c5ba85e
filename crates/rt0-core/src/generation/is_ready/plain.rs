//! The hot path where the compiler's own is as good as any: on processors that can't reach the page without a
//! look into a table of addresses, or whose linker takes that look out. And for `cargo xtask sanitize`:
//! ThreadSanitizer does not look into assembly, and would miss the Acquire by which a call sees what boot wrote.

use crate::generation::page;

/// Whether the gate is open.
#[inline(always)]
pub fn is_ready() -> bool {
    page().gate.is_ready()
}
