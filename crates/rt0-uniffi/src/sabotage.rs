//! Switches that each remove one protection, as those of rt0-core do. All are off in every normal build.
//! `cargo xtask sabotage` turns on one at a time, and checks that a test fails.

/// Async code is polled without rt0's runtime.
pub(crate) const NO_RUNTIME: bool = cfg!(rt0_sabotage = "uniffi-no-runtime");
