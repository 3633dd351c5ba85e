//! The library with every type, and the calls that every language makes of it.

use std::path::{Path, PathBuf};

use cargo_rt0::bindings::Model;
use rt0_hosts::fixture::fixture;
use rt0_hosts::package::of;
use rt0_hosts::source;

/// The library with every type.
pub const CONFORM: &str = "conform";

/// Its model.
pub fn conform() -> Model {
    of(Path::new(&fixture(CONFORM).library())).0
}

/// The list of calls.
pub fn cases() -> PathBuf {
    source("bindings/cases.json")
}

/// Whether this machine has a program.
pub fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|dir| dir.join(program).is_file())
}
