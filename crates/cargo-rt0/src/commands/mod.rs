//! One file per command.

pub mod bindings;
pub mod build;
pub mod doctor;
pub mod header;
pub mod inspect;
pub mod install;
pub mod new;
pub mod trace;
