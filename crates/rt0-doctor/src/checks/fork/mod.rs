//! The group `fork`: children of the host, and what is left of the library in them.

mod after_call;
mod after_load;
mod bare_fork;
mod busy;
mod daemon;
mod during_load;
mod grandchild;
mod pid_namespace;
mod pool;
mod raw_clone;
mod then_exit;
mod thousand;
mod without_handlers;

use crate::check::Check;

/// Its checks.
pub const ALL: &[&Check] = &[
    &after_load::CHECK,
    &during_load::CHECK,
    &after_call::CHECK,
    &busy::CHECK,
    &bare_fork::CHECK,
    &raw_clone::CHECK,
    &daemon::CHECK,
    &pool::CHECK,
    &then_exit::CHECK,
    &grandchild::CHECK,
    &thousand::CHECK,
    &pid_namespace::CHECK,
];
