//! Leaves the host's signals to the host, on the library's own threads.

use std::cell::Cell;

use rt0_core::platform::thread::signals;

thread_local! {
    /// On a thread of the library's own: what `signals::changes` was when it has settled its signals.
    static SETTLED: Cell<Option<u32>> = const { Cell::new(None) };
}

/// Leaves the host's signals to the host, on a thread of the library's own, as it is now. The boot thread
/// does this before main.
pub(crate) fn settle_signals() {
    // First: a change that comes meanwhile is seen next time.
    SETTLED.set(Some(signals::changes()));
    signals::settle();
}

/// The same where something has changed since; on any thread, when it goes on with the library's work. A
/// host's own, which can be the one that drives the runtime, keeps its mask.
pub(crate) fn settle_signals_again() {
    if SETTLED.get().is_some_and(|seen| seen != signals::changes()) {
        settle_signals();
    }
}
