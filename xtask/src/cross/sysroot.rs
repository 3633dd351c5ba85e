//! std for a target, built once from its sources and kept: `rustup` can't download it everywhere.
//!
//! It ends up in `target/cross/sysroot/TRIPLE/lib/rustlib/TRIPLE/lib`, where a compiler with the option
//! `--sysroot` looks for it. Another compiler version builds it again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::build;
use super::targets::Target;
use crate::run::{cargo, root, rustc, step, target as target_dir};
use crate::std_source;

/// The sysroot with std for this target.
///
/// # Errors
/// The sources are missing, or do not compile.
pub fn built(target: &Target) -> Result<PathBuf> {
    let triple = target.triple;
    let dir = target_dir().join("cross/sysroot").join(triple);
    let mark = dir.join("made-by");
    let mut flags = target.rust_flags(&tools(target)?)?;
    // As in rustup's own std: the profile `alone` needs it for link-time optimisation.
    flags.push("-Cembed-bitcode=yes".to_owned());
    let compiler = format!("{}{flags:?}\n", rustc(&["-vV"])?);
    if fs::read_to_string(&mark).is_ok_and(|made_by| made_by == compiler) {
        return Ok(dir);
    }
    let source = std_source::find()?;
    // An empty crate: cargo builds std for it.
    let package = target_dir().join("cross/std");
    fs::create_dir_all(&package).with_context(|| format!("can't make {}", package.display()))?;
    fs::write(
        package.join("Cargo.toml"),
        "[package]\nname = \"needs-std\"\nedition = \"2024\"\n[lib]\npath = \"lib.rs\"\n[workspace]\n",
    )?;
    fs::write(package.join("lib.rs"), "")?;
    step(
        &format!("std for {triple}"),
        cargo("build --quiet --release -Zbuild-std=std,panic_unwind --target")
            .arg(triple)
            .current_dir(&package)
            .env("CARGO_TARGET_DIR", package.join("target"))
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
            .env("__CARGO_TESTS_ONLY_SRC_ROOT", source),
    )?;
    let built = package.join("target").join(triple);
    let lib = dir.join("lib/rustlib").join(triple).join("lib");
    let _ = fs::remove_dir_all(&dir);
    // Everything compiled with the old std must go: cargo does not notice the change.
    let _ = fs::remove_dir_all(build::cargo_dir().join(triple));
    fs::create_dir_all(&lib)?;
    copy(&built.join("release/deps"), &lib)?;
    fs::remove_dir_all(&built)?;
    // Written last, so that an interrupted build is repeated.
    fs::write(mark, compiler)?;
    Ok(dir)
}

/// The folder for other files that the compiler needs. It is not in the sysroot, which may be built again.
///
/// # Errors
/// It can't be made.
pub fn tools(target: &Target) -> Result<PathBuf> {
    let dir = root().join(target_dir().join("cross/tools").join(target.triple));
    fs::create_dir_all(&dir).with_context(|| format!("can't make {}", dir.display()))?;
    Ok(dir)
}

/// Copies the libraries, but not the crate that they were built for.
fn copy(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("can't read {}", from.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        if path.extension().is_some_and(|ending| ending == "rlib")
            && !name.to_string_lossy().starts_with("libneeds_std-")
        {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}
