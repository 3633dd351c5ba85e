//! How large the library without std is for each target: `examples/nolibc`, as the tests built it.

use std::fs;

use super::build::Build;
use super::targets::Target;

/// A line for each target that it was built for.
pub fn lines(targets: &[&Target], build: &Build) -> String {
    let line = |target: &&Target| {
        let path = build.hosts(target).join("nolibc-small/libnolibc.so");
        let len = fs::metadata(path).ok()?.len();
        Some(format!("{}: libnolibc.so has {len} bytes\n", target.triple))
    };
    targets.iter().filter_map(line).collect()
}
