//! Runs cargo, as the tests and the lints do.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the repository")
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or("target".into());
    root().join(target)
}

/// A cargo command in the repository, the same cargo that runs us.
pub fn cargo(words: &str) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.current_dir(root()).args(words.split_whitespace());
    cargo
}

/// Runs one step, and says which.
///
/// # Errors
/// The program can't be run, or fails.
pub fn step(name: &str, command: &mut Command) -> Result<()> {
    println!("==> {name}");
    let status = command
        .status()
        .with_context(|| format!("{name}: {} can't be run", command.get_program().display()))?;
    ensure!(status.success(), "{name}: {status}");
    Ok(())
}

/// What the compiler answers to these arguments.
///
/// # Errors
/// It can't be run, or does not like them.
pub fn rustc(args: &[&str]) -> Result<String> {
    let output = Command::new("rustc")
        .current_dir(root())
        .args(args)
        .output()
        .context("rustc can't be run")?;
    ensure!(output.status.success(), "rustc {}", args.join(" "));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
