//! Windows has no fork: a process is always its own. See `../fork.rs` for the systems that have.

use core::ffi::c_void;

use rt0_abi::Status;

/// Nobody calls handlers.
pub(crate) fn register(_file: *const c_void, _pinned: bool) {}

/// Nobody asks.
pub(crate) fn own() {}

/// There is nothing to look for.
pub(crate) fn is_watching() -> bool {
    true
}

/// Which process this is, in the line from the one that has loaded the library: that one.
pub fn incarnation() -> u32 {
    0
}

/// Nobody asks.
pub(crate) fn thread_made() {}

/// Whether anything may be started in this process.
///
/// # Errors
/// None.
pub fn check() -> Result<(), Status> {
    Ok(())
}
