//! The libraries in Rust: with rt0, and by hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::linking::Linking;
use super::run;
use crate::run::{cargo, target};

/// How the compiler is run. Everything else is the profile `release`.
pub struct Profile {
    /// Whether the library and its dependencies are compiled as one.
    pub fat_lto: bool,
    /// Whether tokio is in it.
    pub tokio: bool,
}

impl Profile {
    /// As cargo does it.
    pub const USUAL: Profile = Profile {
        fat_lto: false,
        tokio: true,
    };

    fn set(&self, command: &mut Command) {
        if self.fat_lto {
            command.env("CARGO_PROFILE_RELEASE_LTO", "fat");
        }
        if !self.tokio {
            command.arg("--no-default-features");
        }
    }
}

/// Builds the library with rt0, as an author would.
///
/// # Errors
/// It does not build.
pub fn with_rt0(profile: &Profile, out: &Path) -> Result<PathBuf> {
    built_by_the_tool("automatic", profile, out, "strip=symbols")
}

/// Builds the library with async exports, as an author would.
///
/// # Errors
/// It does not build.
pub fn with_ops(out: &Path) -> Result<PathBuf> {
    built_by_the_tool("ops", &Profile::USUAL, out, "strip=symbols")
}

/// The same with the names of all functions.
///
/// # Errors
/// It does not build.
pub fn with_rt0_and_symbols(out: &Path) -> Result<PathBuf> {
    built_by_the_tool("automatic", &Profile::USUAL, out, "strip=debuginfo")
}

fn built_by_the_tool(name: &str, profile: &Profile, out: &Path, strip: &str) -> Result<PathBuf> {
    let mut tool = cargo("run --quiet --package cargo-rt0 --bin cargo-rt0 -- rt0 build --release");
    tool.args(["--package", &format!("bench-{name}"), "--quiet", "--out"])
        .arg(out);
    profile.set(&mut tool);
    tool.args(["--", "-C", strip]);
    run(tool)?;
    Ok(out.join(format!("libbench_{name}.so")))
}

/// Builds a library by hand.
///
/// # Errors
/// It does not build.
pub fn by_hand(name: &str, profile: &Profile, linking: &Linking, out: &Path) -> Result<PathBuf> {
    let file = format!("libbench_{name}.so");
    let mut build = cargo("rustc --quiet --release --lib --crate-type cdylib");
    build
        .args(["--package", &format!("bench-{name}"), "--target-dir"])
        .arg(target());
    profile.set(&mut build);
    build
        .args(["--", "-C", "strip=symbols"])
        .args(linking.arguments(&file));
    run(build)?;
    let copy = out.join(&file);
    let made = target().join("release").join(&file);
    fs::copy(&made, &copy).with_context(|| format!("can't copy {}", made.display()))?;
    Ok(copy)
}
