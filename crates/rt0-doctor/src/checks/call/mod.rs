//! The group `call`: calls from hosts of all kinds.

mod first_64_threads;
mod first_at_once;
mod foreign_runtime;
mod gc_signals;
mod held;
mod panic_contained;
mod signal_landing;
mod small_stack;
mod variants;

use crate::check::Check;

/// Its checks.
pub const ALL: &[&Check] = &[
    &first_at_once::CHECK,
    &first_64_threads::CHECK,
    &small_stack::CHECK,
    &panic_contained::CHECK,
    &gc_signals::CHECK,
    &signal_landing::CHECK,
    &foreign_runtime::CHECK,
];
