//! The group `call`.

use crate::check::Check;

/// Its checks.
pub const ALL: &[&Check] = &[];
