//! Windows has no fork: a process is never a child of one.

use rt0_abi::Status;

/// Does nothing: there are no handlers to register.
pub(crate) fn prepare(_pinned: bool) {}

/// Does nothing, as [`prepare`].
pub(crate) fn prepare_if_not_yet(_pinned: bool) {}

/// Does nothing: there are no forks to detect.
pub fn watch() {}

/// Does nothing: nobody asks whose page it is.
pub(crate) fn own_page() {}

/// Which process this is, in the line of descent from the one that loaded the library: always that one.
pub fn incarnation() -> u32 {
    0
}

/// Whether this process is a fork's child: never.
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

/// A section that a fork would wait for.
pub struct NoFork;

impl NoFork {
    /// Does nothing: there is no fork to hold up.
    pub fn begin() -> NoFork {
        NoFork
    }
}
