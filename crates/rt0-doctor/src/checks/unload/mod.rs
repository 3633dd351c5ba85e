//! The group `unload`.

use crate::check::Check;

/// Its checks.
pub const ALL: &[&Check] = &[];
