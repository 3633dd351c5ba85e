//! Windows sends a thread no signals: what the C library calls so comes on a thread of its own. See
//! `../signals.rs`.

use crate::library::Library;

/// There is nothing to be blocked.
pub fn settle() {}

/// Runs `f`.
pub fn blocked<R>(f: impl FnOnce() -> R) -> R {
    f()
}

/// Runs `f`.
pub(crate) fn blocked_for_boot<R>(_: &Library, f: impl FnOnce() -> R) -> R {
    f()
}

/// Always the same.
pub fn changes() -> u32 {
    0
}

/// There is nothing to be noted.
pub(crate) fn note_loader() {}

/// There is nothing to be found out.
pub(crate) fn look(_: &Library) {}

/// Nor later.
pub(crate) fn look_again(_: &Library) {}
