//! Whether this thread is the one that calls the host.

use std::cell::Cell;

use rt0_core::{fork, sabotage};

thread_local! {
    /// In which process this thread calls the host: its number in the line of descent, plus 1; 0 for none. (A callback
    /// may fork, and the child's only thread is a copy of this one.)
    static CALLS_IN: Cell<u32> = const { Cell::new(0) };
}

/// Whether this is the thread. What it says itself is never told: a callback that causes events would cause them
/// without end. Nor can it wait for itself.
pub(super) fn is_this_one() -> bool {
    let number = CALLS_IN.try_with(Cell::get).unwrap_or(0);
    number != 0 && number == fork::incarnation() + 1 && !sabotage::NO_REFUSED_EVENTS
}

/// From now on this thread is.
pub(super) fn begin() {
    CALLS_IN.set(fork::incarnation() + 1);
}
