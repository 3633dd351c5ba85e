//! Keeps the process from being forked for a moment.

use rt0_core::fork::NoFork;

/// Runs what takes a lock that a child might find locked, such as std's around hooks: a fork waits for its
/// end.
pub(crate) fn while_no_fork<R>(f: impl FnOnce() -> R) -> R {
    let _no_fork = NoFork::begin();
    f()
}
