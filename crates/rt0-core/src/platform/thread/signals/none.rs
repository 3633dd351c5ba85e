//! Windows sends a thread no signals: what the C library calls so comes on a thread of its own. There is nothing to be
//! blocked, found out or put back.

use super::CollectorSignals;

pub struct Blocked;

/// Callers end it early, by `drop`, on every system.
impl Drop for Blocked {
    fn drop(&mut self) {}
}

pub fn block() -> Blocked {
    Blocked
}

pub fn block_for_boot(_: CollectorSignals) -> Blocked {
    Blocked
}

pub fn settle() {}

pub fn changes() -> u32 {
    0
}

pub fn note_loader() {}

pub fn look(_: CollectorSignals) {}

pub fn look_again(_: CollectorSignals) -> bool {
    false
}
