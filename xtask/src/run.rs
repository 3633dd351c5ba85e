//! Runs the steps of a command: cargo and other programs, with the time that each takes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use cargo_metadata::{Metadata, MetadataCommand};

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the repository")
}

/// Where cargo puts its output.
pub fn target() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or("target".into());
    root().join(target)
}

/// A cargo command in the repository, with the same cargo that runs us.
pub fn cargo(words: &str) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.current_dir(root()).args(words.split_whitespace());
    cargo
}

/// Runs a program as one step.
///
/// # Errors
/// The program can't be run, or fails.
pub fn step(name: &str, command: &mut Command) -> Result<()> {
    timed(name, || {
        let status = command
            .status()
            .with_context(|| format!("{name}: {} can't be run", command.get_program().display()))?;
        ensure!(status.success(), "{name}: {status}");
        Ok(())
    })
}

/// Runs one step: prints its name, and at the end how long it took.
pub fn timed<T>(name: &str, run: impl FnOnce() -> T) -> T {
    println!("==> {name}");
    let start = Instant::now();
    let result = run();
    println!("    {:.1} s", start.elapsed().as_secs_f64());
    result
}

/// What a program prints.
///
/// # Errors
/// It can't be run, or fails: with what it says about that.
pub fn said(command: &mut Command) -> Result<String> {
    let output = command.output();
    let program = command.get_program().display();
    let output = output.with_context(|| format!("{program} can't be run"))?;
    let why = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program}: {}", why.trim_end());
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The compiler's output for these arguments.
///
/// # Errors
/// It can't be run, or refuses them.
pub fn rustc(args: &[&str]) -> Result<String> {
    said(Command::new("rustc").current_dir(root()).args(args))
}

/// Whether a program, which may have arguments, is here and runs.
pub fn runs(program: &str) -> bool {
    let mut words = program.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).arg("--version");
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// What cargo knows about the workspace and its dependencies.
///
/// # Errors
/// Cargo can't be run.
pub fn metadata() -> Result<Metadata> {
    MetadataCommand::new()
        .current_dir(root())
        .exec()
        .context("cargo metadata")
}

/// The projects for binding generators: the examples that are workspaces of their own, with an adapter crate each.
///
/// # Errors
/// A file can't be read.
pub fn projects() -> Result<Vec<PathBuf>> {
    workspaces("examples")
}

/// The libraries of the comparison that are workspaces of their own.
///
/// # Errors
/// A file can't be read.
pub fn compared() -> Result<Vec<PathBuf>> {
    workspaces("compare")
}

fn workspaces(folder: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in root().join(folder).read_dir()? {
        let dir = entry?.path();
        let manifest = fs::read_to_string(dir.join("Cargo.toml")).unwrap_or_default();
        if manifest.lines().any(|line| line == "[workspace]") {
            found.push(dir);
        }
    }
    found.sort();
    Ok(found)
}
