//! What this machine can't run is skipped.

pub use rt0_skips::{elsewhere, skipped};

use crate::processes;

/// Whether this process may become any user.
pub fn is_root() -> bool {
    processes::is_root()
}
