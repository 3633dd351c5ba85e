//! What tokio asks the environment while a runtime is built. Windows has a lock around it, which who reads
//! and who changes it both take: there is no race to be kept out of. See `../environment.rs`.

/// Runs `f`.
pub(crate) fn from_copy<R>(f: impl FnOnce() -> R) -> R {
    f()
}
