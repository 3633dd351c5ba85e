//! The hot path of the gate for `cargo xtask sanitize`: ThreadSanitizer does not look into assembly, and
//! would miss the Acquire by which a call sees what boot wrote.

use crate::generation::page;

/// Whether the gate is open.
#[inline(always)]
pub fn is_ready() -> bool {
    page().gate.is_ready()
}
