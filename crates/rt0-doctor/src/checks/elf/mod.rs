//! The group `elf`: what the file itself shows, for any processor. Nothing is loaded.

mod debug_paths;
mod exec_stack;
mod glibc_floor;
mod header;
mod header_complete;
mod needed_unused;
mod places;
mod relro;
mod soname;
mod static_tls;
mod std_unpinned;
mod symbols_leak;
mod text_relocations;
mod undefined_hidden;

use crate::check::Check;

/// Its checks.
pub const ALL: &[&Check] = &[
    &static_tls::CHECK,
    &text_relocations::CHECK,
    &exec_stack::CHECK,
    &relro::CHECK,
    &soname::CHECK,
    &undefined_hidden::CHECK,
    &symbols_leak::CHECK,
    &std_unpinned::CHECK,
    &glibc_floor::CHECK,
    &needed_unused::CHECK,
    &debug_paths::CHECK,
    &header_complete::CHECK,
];
