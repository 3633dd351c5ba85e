//! The group `unload`: `dlclose`, and what is left of the library after it.

mod closing;
mod during_boot;
mod repeated;
mod thread_exits_after;
mod threads;

use crate::check::Check;

/// Its checks.
pub const ALL: &[&Check] = &[
    &threads::CHECK,
    &repeated::CHECK,
    &during_boot::CHECK,
    &thread_exits_after::CHECK,
];
