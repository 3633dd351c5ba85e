//! The group `shutdown`: the call that shuts the library down.

mod again;
mod barrier;
mod busy;

use crate::check::Check;

/// Its checks.
pub const ALL: &[&Check] = &[&barrier::CHECK, &again::CHECK, &busy::CHECK];
