//! Windows sends a thread no signals: what the C library calls so comes on a thread of its own.

use super::CollectorSignals;

/// There is nothing to be blocked.
pub fn settle() {}

/// There is nothing to be put back.
pub struct Blocked;

/// There is nothing to be blocked.
pub fn block() -> Blocked {
    Blocked
}

/// Likewise.
pub fn block_for_boot(_: CollectorSignals) -> Blocked {
    Blocked
}

/// Always the same.
pub fn changes() -> u32 {
    0
}

/// There is nothing to be noted.
pub fn note_loader() {}

/// There is nothing to be found out.
pub fn look(_: CollectorSignals) {}

/// Nor later.
pub fn look_again(_: CollectorSignals) -> bool {
    false
}
