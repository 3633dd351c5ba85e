//! The standard library's sources, for what builds std anew.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::run::{root, rustc, step, target};

/// Where they are: what rustup has, or what `ci/rust-src.sh` gets.
///
/// # Errors
/// They can't be had.
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
