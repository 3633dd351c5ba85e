//! Real hosts for tests of a self-starting library: processes that load it, call it and end. A watchdog
//! notices if they do not end.
//!
//! - [`watchdog`]: runs a process with a time limit, and keeps what it printed.
//! - [`cc`]: compiles hosts, and libraries in C and C++.
//! - [`capi`]: compiles libraries in C on the archive of `crates/rt0-capi`.
//! - [`fixture`]: builds the libraries of `fixtures/`, each once.
//! - [`java`]: finds Java, and compiles for it.
//! - [`package`]: writes packages for other languages.
//! - [`go`]: finds Go, and runs it.
//! - [`needs`]: what a shared library needs from others.
//! - [`target`]: the target of fixtures and hosts, when it is not this machine.
//! - [`require`]: skips what this machine can't run.
//! - [`soak`]: how often a test repeats what would fail only by chance.
//! - [`temporary`]: a directory for files that another user must reach.
//!
//! The hosts themselves are in `hosts/`, by the chapters of `docs/hazards.md`, as the tests are. `steps.c` does
//! what its command line says with any shared library; its first lines list the steps.

pub mod capi;
pub mod cc;
pub mod fixture;
pub mod go;
pub mod java;
pub mod needs;
mod node;
#[cfg(unix)]
pub mod odd;
pub mod package;
mod pkg_config;
mod places;
mod processes;
mod python;
mod ran;
pub mod require;
pub mod soak;
mod stacks;
pub mod steps;
pub mod target;
pub mod temporary;
pub mod watchdog;
mod wine;

pub use node::{node, npm_packages, npm_tool};
pub use pkg_config::pkg_config;
pub use places::{scratch, source, workspace};
pub use python::{python, venv};
pub use ran::Ran;
pub use wine::path_there;
