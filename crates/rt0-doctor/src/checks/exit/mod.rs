//! The group `exit`: the end of the process, with the library in it.

mod busy;
mod callback;
mod code;
mod during_boot;
mod ending;
mod idle;
mod python;
mod quick;
mod statics;
mod time;

use crate::check::Check;

/// Its checks.
pub const ALL: &[&Check] = &[
    &code::CHECK,
    &time::CHECK,
    &idle::CHECK,
    &busy::CHECK,
    &during_boot::CHECK,
    &callback::CHECK,
    &quick::CHECK,
    &statics::CHECK,
];
