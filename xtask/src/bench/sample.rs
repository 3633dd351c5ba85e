//! Samples: one process each, in turns.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// In every round, takes one sample of each: a number. The first round warms up the caches and does not
/// count.
///
/// # Errors
/// A sample can't be taken.
pub fn in_turns<const N: usize>(
    rounds: usize,
    mut take: impl FnMut(usize) -> Result<f64>,
) -> Result<[Vec<f64>; N]> {
    let mut samples = [const { Vec::new() }; N];
    for round in 0..=rounds {
        for offset in 0..N {
            // Each round begins with a different one, so that none always runs after the same neighbour.
            let which = (round + offset) % N;
            let sample = take(which)?;
            if round > 0 {
                samples[which].push(sample);
            }
        }
    }
    Ok(samples)
}

/// Runs the host and returns the numbers that it prints.
///
/// # Errors
/// The host fails.
pub fn host(host: &Path, arguments: &[&str]) -> Result<Vec<f64>> {
    let mut command = Command::new(host);
    command.args(arguments);
    // A developer's own settings must not affect the result.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("RT0_") {
            command.env_remove(name);
        }
    }
    let output = command
        .output()
        .with_context(|| format!("can't run {}", host.display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "host {}: {}: {said}",
        arguments.join(" "),
        output.status
    );
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| line.parse().context("the host prints numbers"))
        .collect()
}

/// The processor to stay on: the last one that we may use, because the first has most other work.
pub fn processor() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("Cpus_allowed_list:"))
        .and_then(|list| list.trim().rsplit([',', '-']).next())
        .unwrap_or("-1")
        .to_owned()
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap_or_default()
}
