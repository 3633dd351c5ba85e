//! Windows sends threads no signals. What the C library calls a signal runs on a thread of its own. So there
//! is nothing to do.

use super::CollectorSignals;

pub struct Blocked;

#[derive(Clone, Copy, Debug)]
pub struct Asker;

pub fn asker() -> Asker {
    Asker
}

/// Callers `drop` the guard early, on every system.
impl Drop for Blocked {
    fn drop(&mut self) {}
}

pub fn block() -> Blocked {
    Blocked
}

pub fn block_for_boot(_: CollectorSignals, _: Asker) -> Blocked {
    Blocked
}

pub fn settle() {}

pub fn changes() -> u32 {
    0
}

pub fn note_loader(_: Asker) {}

pub fn look(_: CollectorSignals) {}

pub fn look_again(_: CollectorSignals) -> bool {
    false
}
