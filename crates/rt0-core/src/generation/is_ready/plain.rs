//! The hot path where the compiler's code is as good as any: on processors that can't reach the page without
//! looking up its address in a table, or whose linker removes that lookup. Also for `cargo xtask sanitize`:
//! ThreadSanitizer does not look into assembly, and would miss the Acquire by which a call sees what the boot
//! wrote.

use crate::generation::page;

/// Whether the gate is open.
#[inline(always)]
pub fn is_ready() -> bool {
    page().gate.is_ready()
}
