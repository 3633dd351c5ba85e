//! The descriptor of a queue, for event loops. Each system provides [`Bell`]:
//!
//! - `new`: makes one, or says why it can't;
//! - `ring`: makes the descriptor readable. Never blocks, and never raises a signal;
//! - `end`: makes the descriptor read as ended, in every process that has a copy of it;
//! - `is_gone`: whether the host has closed our descriptors. Their numbers may be the host's by now;
//! - `duplicate`: a descriptor for the host to own.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
pub(super) use self::unix::Bell;
#[cfg(windows)]
pub(super) use self::windows::Bell;

use rt0_core::Status;

/// Why there is no descriptor: the status, and what to do.
pub(super) struct NoBell {
    pub status: Status,
    pub text: String,
}
