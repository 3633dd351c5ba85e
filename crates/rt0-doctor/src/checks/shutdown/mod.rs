//! The group `shutdown`.

use crate::check::Check;

/// Its checks.
pub const ALL: &[&Check] = &[];
