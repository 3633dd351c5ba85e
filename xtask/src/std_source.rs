//! The standard library's sources, for builds of std.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::run::{root, rustc, step, target};

/// Where they are: in rustup's component, or where `ci/rust-src.sh` puts them.
///
/// # Errors
/// They can't be downloaded.
pub fn find() -> Result<PathBuf> {
    let sysroot = rustc(&["--print", "sysroot"])?;
    let of_rustup = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library");
    if of_rustup.join("std/Cargo.toml").exists() {
        return Ok(of_rustup);
    }
    let dir = target().join("rust-src");
    step(
        "the standard library's sources",
        Command::new("bash")
            .current_dir(root())
            .arg("ci/rust-src.sh")
            .arg(&dir),
    )?;
    Ok(dir.join("library"))
}
