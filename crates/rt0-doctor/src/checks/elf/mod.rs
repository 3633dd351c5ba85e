//! The group `elf`: what the file itself shows, for any processor. Nothing is loaded.

mod soname;

use crate::check::Check;

/// Its checks.
pub const ALL: &[&Check] = &[&soname::CHECK];
