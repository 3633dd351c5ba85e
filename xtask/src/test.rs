//! `cargo xtask test`: every test that this machine can run, and a line for each that it can't.

use std::fs;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::run::{cargo, step, target};

/// Names the file in which tests write what they skip and why, one line each.
const SKIPS: &str = "RT0_SKIPS";
/// Set if a skip counts as a failure.
const REQUIRE_ALL: &str = "RT0_REQUIRE_ALL";

/// Runs the tests.
///
/// # Errors
/// A test fails; or, with `require_all`, a test was skipped.
pub fn run(require_all: bool) -> Result<()> {
    let start = Instant::now();
    let skips = target().join("skipped");
    fs::create_dir_all(target())?;
    fs::write(&skips, "").with_context(|| format!("can't write {}", skips.display()))?;
    let test = |words: &str| {
        let mut cargo = cargo(words);
        cargo.env(SKIPS, &skips);
        if require_all {
            cargo.env(REQUIRE_ALL, "1");
        }
        cargo
    };

    step(
        "the gate, generations and calls in flight, in every interleaving (loom)",
        &mut model(),
    )?;
    step(
        "without the feature `tokio`",
        &mut test("test -p rt0 --no-default-features --lib"),
    )?;
    step(
        "all crates, through real hosts",
        &mut test("test --workspace --no-fail-fast"),
    )?;

    let skipped = fs::read_to_string(&skips)?;
    for line in skipped.lines() {
        println!("skipped: {line}");
    }
    if require_all && !skipped.is_empty() {
        bail!(
            "{} part(s) were skipped, which is not allowed here",
            skipped.lines().count()
        );
    }
    println!(
        "All tests passed, {} part(s) skipped, in {} s.",
        skipped.lines().count(),
        start.elapsed().as_secs()
    );
    Ok(())
}

/// Runs the gate's state machine, and the protocol between calls and shutdowns, through every interleaving.
pub fn model() -> Command {
    let mut cargo = cargo(
        "test -p rt0-core --release --test loom_gate --test loom_generation --test loom_in_flight --test loom_op",
    );
    cargo
        .env("RUSTFLAGS", "--cfg loom")
        .env("CARGO_TARGET_DIR", target().join("loom"));
    cargo
}
