//! Switches that each remove one protection, as those of rt0-core do. All are off in every normal build.
//! `cargo xtask sabotage` turns on one at a time, and checks that a test fails.

/// The end of node's last environment does not end the library.
pub(crate) const NO_END: bool = cfg!(rt0_sabotage = "napi-no-end");
/// Promises wait for the boot on node's thread.
pub(crate) const NO_WAIT_ASIDE: bool = cfg!(rt0_sabotage = "napi-no-wait-aside");
/// An async function for which there is no runtime does not get to its gate.
pub(crate) const NO_REFUSED_TASK: bool = cfg!(rt0_sabotage = "napi-no-refused-task");
/// The exit of the process waits for promises that are pending.
pub(crate) const NO_WORD_OF_EXIT: bool = cfg!(rt0_sabotage = "napi-no-word-of-exit");
