//! The group `fds`: descriptors.

use crate::check::Check;

/// Its checks.
pub const ALL: &[&Check] = &[];
