//! `cargo xtask lint`

use std::process::Command;

use anyhow::{Context, Result, ensure};
use cargo_metadata::Metadata;

use crate::licences;
use crate::run::{cargo, root, step};

/// Runs every check that needs no test.
///
/// # Errors
/// One of them finds something.
pub fn run() -> Result<()> {
    step("format", &mut cargo("fmt --all --check"))?;
    step(
        "format, the fuzzers",
        cargo("fmt --check").current_dir(root().join("fuzz")),
    )?;
    step(
        "clippy",
        &mut cargo("clippy --workspace --all-targets -- -D warnings"),
    )?;
    step(
        "clippy, without the feature `tokio`",
        &mut cargo("clippy -p rt0 --no-default-features --all-targets -- -D warnings"),
    )?;
    step(
        "clippy, the model",
        cargo("clippy -p rt0-core --tests -- -D warnings")
            .env("RUSTFLAGS", "--cfg loom")
            .env("CARGO_TARGET_DIR", crate::run::target().join("loom")),
    )?;
    step(
        "documentation",
        cargo("doc --workspace --no-deps --document-private-items --quiet").env(
            "RUSTDOCFLAGS",
            "-D warnings -A rustdoc::private-intra-doc-links",
        ),
    )?;
    let metadata = cargo_metadata::MetadataCommand::new()
        .current_dir(root())
        .exec()
        .context("cargo metadata")?;
    println!("==> licences");
    licences::check()?;
    minimum_rust(&metadata)
}

/// The stated minimum is checked with a compiler of just that version.
fn minimum_rust(metadata: &Metadata) -> Result<()> {
    let stated = metadata
        .workspace_packages()
        .first()
        .and_then(|package| package.rust_version.clone())
        .context("no rust-version is stated")?;
    let wanted = format!("{}.{}", stated.major, stated.minor);
    println!("==> the minimum Rust version, {wanted}");
    let present = version(Command::new("rustc").arg("--version"))?;
    if is(&present, &wanted) {
        println!("    this is rustc {wanted}: what clippy has compiled counts");
        return Ok(());
    }
    let toolchain = format!("+{wanted}.0");
    let minimum =
        version(Command::new("rustc").args([&toolchain, "--version"])).with_context(|| {
            format!("rustc {wanted} is needed: rustup toolchain install {wanted}.0")
        })?;
    ensure!(is(&minimum, &wanted), "{minimum} is not rustc {wanted}");
    step(
        "check with it",
        Command::new("cargo")
            .current_dir(root())
            .args([&toolchain, "check", "--workspace", "--all-targets"])
            .env("CARGO_TARGET_DIR", crate::run::target().join("minimum")),
    )
}

fn version(rustc: &mut Command) -> Result<String> {
    let output = rustc.output().context("rustc can't be run")?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn is(version: &str, wanted: &str) -> bool {
    version.starts_with(&format!("rustc {wanted}."))
}
