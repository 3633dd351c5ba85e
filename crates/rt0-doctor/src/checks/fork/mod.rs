//! The group `fork`.

use crate::check::Check;

/// Its checks.
pub const ALL: &[&Check] = &[];
