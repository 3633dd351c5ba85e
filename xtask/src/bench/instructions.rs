//! How many instructions a call takes, counted by valgrind's callgrind: the same number every time.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::build::Built;
use super::calls::PAIRS;
use super::figure::{Figure, Target};
use super::sample::text;

/// Two runs differ by this many calls, so that the rest of the process cancels out.
const CALLS: u64 = 100_000;

/// The figures; `None` without valgrind.
///
/// # Errors
/// Valgrind or the host fails.
pub fn figures(built: &Built) -> Result<Option<Vec<Figure>>> {
    let there = Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !there.is_ok_and(|status| status.success()) {
        return Ok(None);
    }
    let mut figures = Vec::new();
    for pair in &PAIRS {
        let rt0 = per_call(built, &built.automatic, pair.rt0, pair.kind)?;
        let peer = per_call(built, &built.lazy, pair.peer, pair.kind)?;
        let name = format!("call with its loop, {}", pair.name);
        let figure = Figure::once(&name, "instr.", rt0, peer);
        figures.push(figure.with(Target::Over(4.0)));
    }
    Ok(Some(figures))
}

fn per_call(built: &Built, library: &Path, symbol: &str, kind: &str) -> Result<f64> {
    let few = count(built, library, symbol, kind, CALLS)?;
    let many = count(built, library, symbol, kind, 2 * CALLS)?;
    Ok(((many - few) / CALLS as f64 * 10.0).round() / 10.0)
}

fn count(built: &Built, library: &Path, symbol: &str, kind: &str, calls: u64) -> Result<f64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        // Counts only the host's loop and what it calls, on its own thread.
        .arg(format!("--toggle-collect=measured_{kind}"))
        .arg(&built.host)
        .args(["call", "-1", text(library), symbol, kind])
        .args([&calls.to_string(), "1"])
        .output()
        .context("can't run valgrind")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "valgrind failed: {said}");
    said.lines()
        .find_map(|line| line.split_once("Collected :"))
        .and_then(|(_, number)| number.trim().parse().ok())
        .with_context(|| format!("callgrind counted nothing: {said}"))
}
