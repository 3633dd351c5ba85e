//! The group `load`: what the host notices while the library is loaded.

mod callee_saved;
mod environment;
mod loader_lock;
mod many;
mod namespace;
mod no_keys;
mod no_memory;
mod no_thread;
mod output;
mod preload;
mod signals;
mod threads;
mod time;

use crate::check::Check;

/// Its checks.
pub const ALL: &[&Check] = &[
    &time::CHECK,
    &threads::CHECK,
    &signals::CHECK,
    &output::CHECK,
    &environment::CHECK,
    &loader_lock::CHECK,
    &many::CHECK,
    &namespace::CHECK,
    &preload::CHECK,
    &no_thread::CHECK,
    &no_memory::CHECK,
    &no_keys::CHECK,
    &callee_saved::CHECK,
];
