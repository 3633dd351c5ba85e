//! Windows has no fork: a process is always its own.

use rt0_abi::Status;

/// Nobody calls handlers.
pub(crate) fn prepare(_pinned: bool) {}

/// Nor later.
pub(crate) fn prepare_if_not_yet(_pinned: bool) {}

/// There is nothing to look for.
pub fn watch() {}

/// Nobody asks.
pub(crate) fn own_page() {}

/// Which process this is, in the line from the one that has loaded the library: that one.
pub fn incarnation() -> u32 {
    0
}

/// It is none.
pub fn is_child() -> bool {
    false
}

/// Whether anything may be started in this process.
///
/// # Errors
/// None.
pub fn check() -> Result<(), Status> {
    Ok(())
}

/// A stretch that a fork would wait for.
pub struct NoFork;

impl NoFork {
    /// There is no fork that would have to wait.
    pub fn begin() -> NoFork {
        NoFork
    }
}
