//! The group `load`: what the host notices while the library is loaded.

mod output;

use crate::check::Check;

/// Its checks.
pub const ALL: &[&Check] = &[&output::CHECK];
