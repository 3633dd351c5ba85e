//! The size of the library without std for each target: `examples/nolibc`, as the tests built it.

use std::fs;

use super::build::Build;
use super::targets::Target;

/// One line for each target that the library was built for.
pub fn lines(targets: &[&Target], build: &Build) -> String {
    let line = |target: &&Target| {
        let path = build.hosts(target).join("nolibc-small/libnolibc.so");
        let len = fs::metadata(path).ok()?.len();
        Some(format!("{}: libnolibc.so has {len} bytes\n", target.triple))
    };
    targets.iter().filter_map(line).collect()
}
