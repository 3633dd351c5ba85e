//! The library that has only the core in it, `examples/nolibc`, for several processors.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::run;
use crate::run::{cargo, runs, target};
use crate::std_source;

/// The processors, and the linker of each.
pub const PROCESSORS: [(&str, &str); 3] = [
    ("x86_64", "cc"),
    ("aarch64", "aarch64-linux-gnu-gcc"),
    ("powerpc64le", "powerpc64le-linux-gnu-gcc"),
];

/// Builds it; an error's text if something is missing.
///
/// # Errors
/// It does not build.
pub fn core_only(processor: &str, linker: &str) -> Result<Result<PathBuf, String>> {
    if !runs(linker) {
        return Ok(Err(format!("there is no {linker}")));
    }
    let triple = format!("{processor}-unknown-linux-gnu");
    let mut build = cargo("build --quiet --package nolibc --profile alone --target");
    build.arg(&triple);
    if processor != std::env::consts::ARCH {
        // `rustup` can't download core everywhere, so it is built too.
        let source = match std_source::find() {
            Ok(source) => source,
            Err(error) => return Ok(Err(format!("{error:#}"))),
        };
        build
            .arg("-Zbuild-std=core")
            .env("RUSTC_BOOTSTRAP", "1")
            .env("__CARGO_TESTS_ONLY_SRC_ROOT", source);
    }
    let variable = triple.to_uppercase().replace('-', "_");
    build.env(format!("CARGO_TARGET_{variable}_LINKER"), linker);
    // A folder of its own: the same crates with another core would disturb other builds.
    let folder = target().join("bench/core-only");
    build.env("CARGO_TARGET_DIR", &folder);
    run(build).with_context(|| format!("nolibc for {processor}"))?;
    Ok(Ok(folder.join(triple).join("alone/libnolibc.so")))
}
