//! `cargo xtask lint`: every check that needs no test.

use anyhow::Result;
use cargo_metadata::Metadata;

use crate::run::{cargo, compared, metadata, projects, root, step, target, timed};
use crate::toolchain::Minimum;
use crate::{api, docs, floors, licences};

/// Runs every check that needs no test.
///
/// # Errors
/// A check finds something.
pub fn run() -> Result<()> {
    step("format", &mut cargo("fmt --all --check"))?;
    step(
        "format, the fuzzers",
        cargo("fmt --check").current_dir(root().join("fuzz")),
    )?;
    for library in compared()? {
        let name = library.strip_prefix(root()).unwrap_or(&library);
        step(
            &format!("format, {}", name.display()),
            cargo("fmt --check").current_dir(&library),
        )?;
    }
    for project in projects()? {
        let step = |name: &str, words: &str| {
            let name = format!(
                "{name}, {}",
                project.strip_prefix(root()).unwrap_or(&project).display()
            );
            step(&name, cargo(words).current_dir(&project))
        };
        step("format", "fmt --all --check")?;
        step(
            "clippy",
            "clippy --locked --workspace --all-targets -- -D warnings",
        )?;
    }
    step(
        "clippy",
        &mut cargo("clippy --workspace --all-targets -- -D warnings"),
    )?;
    step(
        "clippy, without the feature `tokio`",
        &mut cargo("clippy -p rt0 --no-default-features --all-targets -- -D warnings"),
    )?;
    step(
        // The whole workspace has `tracing-layer`, too.
        "clippy, with the feature `tracing` alone",
        &mut cargo("clippy -p herald -- -D warnings"),
    )?;
    step(
        "clippy, the model",
        cargo("clippy -p rt0-core --tests -- -D warnings")
            .env("RUSTFLAGS", "--cfg loom")
            .env("CARGO_TARGET_DIR", target().join("loom")),
    )?;
    step(
        "documentation",
        cargo("doc --workspace --no-deps --document-private-items --quiet").env(
            "RUSTDOCFLAGS",
            "-D warnings -A rustdoc::private-intra-doc-links",
        ),
    )?;
    docs::check()?;
    timed("floors and invariants", || floors::check(root(), &[]))?;
    let metadata = metadata()?;
    timed("licences", licences::check)?;
    minimum_rust(&metadata)?;
    timed("public items", || api::check(&metadata, false))
}

/// Checks the stated minimum version with a compiler of exactly that version.
fn minimum_rust(metadata: &Metadata) -> Result<()> {
    let minimum = Minimum::find(metadata)?;
    let name = format!("the minimum Rust version, {}", minimum.version);
    if minimum.is_present() {
        println!("==> {name}\n    it is the present one: clippy has compiled everything with it");
        return Ok(());
    }
    step(
        &name,
        &mut minimum.cargo("check --workspace --all-targets", "minimum"),
    )
}
