//! Tests of a self-starting library need real hosts: a process that loads it, calls it and ends, with
//! somebody beside it who notices when it does not.
//!
//! - [`watchdog`]: runs a process with a time limit, and keeps all it printed.
//! - [`cc`]: compiles hosts, and libraries in C and C++.
//! - [`capi`]: compiles libraries in C on the archive of `crates/rt0-capi`.
//! - [`fixture`]: builds a library with `cargo rt0 build`, once.
//! - [`needs`]: what a shared library's file says that it needs.
//! - [`target`]: what they are built for and run by, when that is not this machine.
//! - [`require`]: parts of a test that this machine can't run.
//! - [`temporary`]: a place for files that another user is to reach.
//!
//! The hosts themselves are in `hosts/`. `steps.c` does what its command line says with any shared
//! library; its steps are listed in its first lines.

pub mod capi;
pub mod cc;
pub mod fixture;
pub mod needs;
pub mod odd;
mod pkg_config;
mod places;
mod python;
mod ran;
pub mod require;
mod stacks;
pub mod steps;
pub mod target;
pub mod temporary;
pub mod watchdog;
mod wine;

pub use pkg_config::pkg_config;
pub use places::{scratch, source, workspace};
pub use python::{python, venv};
pub use ran::Ran;
