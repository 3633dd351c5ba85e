//! Keeps the host's signals off the library's own threads.

use std::cell::Cell;

use rt0_core::platform::thread::signals;

thread_local! {
    /// The value of `signals::changes` when this thread last settled its signals. Set only on the library's
    /// own threads.
    static SETTLED: Cell<Option<u32>> = const { Cell::new(None) };
}

/// Sets the signal mask of this thread, one of the library's own, for the host's present handlers, so that
/// the host's signals go to the host. The boot thread calls this before main.
pub(crate) fn settle_signals() {
    // Read this first, so that a change during `settle` is noticed next time.
    SETTLED.set(Some(signals::changes()));
    signals::settle();
}

/// Settles this thread's signals again if something has changed since. Any thread can call this when it
/// continues with the library's work. A host's thread, which may be driving the runtime, keeps its mask.
pub(crate) fn settle_signals_if_changed() {
    if SETTLED.get().is_some_and(|seen| seen != signals::changes()) {
        settle_signals();
    }
}
