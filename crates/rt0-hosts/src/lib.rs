//! Tests of a self-starting library need real hosts: a process that loads it, calls it and ends, with
//! somebody beside it who notices when it does not.
//!
//! - [`watchdog`]: runs a process with a time limit, and keeps all it printed.
//! - [`cc`]: compiles hosts, and libraries in C and C++.
//! - [`capi`]: compiles libraries in C on the archive of `crates/rt0-capi`.
//! - [`fixture`]: builds a library with `cargo rt0 build`, once.
//! - [`needs`]: what a shared library's file says that it needs.
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
mod python;
pub mod require;
mod stacks;
pub mod steps;
pub mod temporary;
pub mod watchdog;
mod wine;

pub use python::{python, venv};

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The root of the workspace.
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("crates/NAME").to_owned()
}

/// Where all that tests build is kept: what `RT0_HOSTS_DIR` says, or a part of the target directory.
pub fn scratch() -> PathBuf {
    if let Some(dir) = std::env::var_os("RT0_HOSTS_DIR") {
        return dir.into();
    }
    target().join("hosts")
}

/// Cargo's target directory.
fn target() -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    workspace().join(target)
}

/// The environment variables whose names begin so, without that beginning: what a command of xtask has
/// set for the fixtures' builds or for the hosts alone, and not for the tests.
fn only_for(prefix: &str) -> Vec<(String, OsString)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.to_str()?.strip_prefix(prefix)?.to_owned(), value)))
        .collect()
}

/// A file in `hosts/`.
pub fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("hosts")
        .join(name)
}
