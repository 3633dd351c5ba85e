//! Nothing to be kept apart: what the runtime opens on Windows is handles, and no host closes those of others.

/// Runs `build`.
pub(crate) fn with_high_numbers<R>(build: impl FnOnce() -> R) -> R {
    build()
}
