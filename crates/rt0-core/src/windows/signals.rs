//! Windows sends a thread no signals: what the C library calls so comes on a thread of its own. See
//! `../signals.rs`.

/// There is nothing to be blocked.
pub fn block() {}

/// Runs `f`.
pub fn blocked<R>(f: impl FnOnce() -> R) -> R {
    f()
}
