//! What stands for the compilers of systems that are not here: LLVM's linker, which comes with Rust, and zig's files.

use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{rustc, target as target_dir};

/// One of the spellings of LLVM's linker, which comes with Rust.
pub fn linker_named(name: &str) -> Option<PathBuf> {
    let here = rustc(&["--print", "target-libdir"]).ok()?;
    let linker = Path::new(here.trim())
        .parent()?
        .join("bin/gcc-ld")
        .join(name);
    linker.exists().then_some(linker)
}

/// zig's files.
pub fn zig() -> Option<PathBuf> {
    let versions = fs::read_dir(target_dir().join("venv/lib")).ok()?.flatten();
    let mut folders = versions.map(|python| python.path().join("site-packages/ziglang"));
    folders.find(|folder| folder.exists())
}
