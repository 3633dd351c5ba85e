//! The group `fds`: descriptors.

mod cloexec;
mod low_numbers;
mod swept;

use crate::check::Check;

/// Its checks.
pub const ALL: &[&Check] = &[&cloexec::CHECK, &low_numbers::CHECK, &swept::CHECK];
