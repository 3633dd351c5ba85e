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
