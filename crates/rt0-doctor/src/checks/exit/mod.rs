//! The group `exit`.

use crate::check::Check;

/// Its checks.
pub const ALL: &[&Check] = &[];
