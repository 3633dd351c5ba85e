//! One run of the doctor, and what came of it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::run::{root, target};

/// What the doctor said of one library.
#[derive(Clone, Debug, Deserialize)]
pub struct Measured {
    /// How long it took.
    pub seconds: f64,
    /// How many processes had shared the processors in the minute before, on average.
    #[serde(skip)]
    pub load: f64,
    /// The checks.
    pub checks: Vec<Seen>,
}

/// What came of a check.
#[derive(Clone, Debug, Deserialize)]
pub struct Seen {
    /// Which.
    pub id: String,
    /// Whether a failure is an `error` or a `warning`.
    pub severity: String,
    /// `pass`, `fail`, `warn`, `skip` or `could-not-run`.
    pub outcome: String,
    /// One sentence.
    pub evidence: String,
}

/// What the table shows of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The library does what it should.
    Pass,
    /// It does harm.
    Fail,
    /// It may do harm, or the harm is small.
    Warn,
    /// The check does not apply.
    Skip,
    /// The check could not run.
    CouldNotRun,
}

impl Mark {
    /// Whether somebody must look at it.
    pub fn is_bad(self) -> bool {
        matches!(self, Mark::Fail | Mark::Warn | Mark::CouldNotRun)
    }
}

impl Measured {
    /// How many checks ended so.
    pub fn count(&self, mark: Mark) -> usize {
        self.checks
            .iter()
            .filter(|seen| seen.mark() == mark)
            .count()
    }
}

impl Seen {
    /// As the doctor's own table has it.
    pub fn mark(&self) -> Mark {
        match (&*self.outcome, &*self.severity) {
            ("pass", _) => Mark::Pass,
            ("fail", "warning") | ("warn", _) => Mark::Warn,
            ("fail", _) => Mark::Fail,
            ("skip", _) => Mark::Skip,
            _ => Mark::CouldNotRun,
        }
    }
}

/// The command, from the repository's own folder.
pub fn command(file: &Path, header: Option<&Path>, config: Option<&Path>, jobs: usize) -> String {
    let mut words = format!("cargo rt0 doctor {}", file.display());
    if let Some(config) = config {
        words.push_str(&format!(" --config {}", config.display()));
    }
    if let Some(header) = header {
        words.push_str(&format!(" --header {}", header.display()));
    }
    format!("{words} --jobs {jobs}")
}

/// Runs that command.
///
/// # Errors
/// The doctor can't be run, or does not know what to do with the library.
pub fn measure(command: &str) -> Result<Measured> {
    let load = load();
    let words = command.split_whitespace().skip(2);
    let mut doctor = Command::new(root().join(target()).join("debug/cargo-rt0"));
    doctor
        .current_dir(root())
        .args(words)
        .args(["--quiet", "--json", "-"]);
    let output = doctor.output().context("the doctor can't be run")?;
    let why = String::from_utf8_lossy(&output.stderr);
    let mut measured: Measured =
        serde_json::from_slice(&output.stdout).with_context(|| why.trim().to_owned())?;
    measured.load = load;
    for seen in &mut measured.checks {
        seen.evidence = without_places(&seen.evidence);
    }
    Ok(measured)
}

/// A page must not tell where this machine has things.
fn without_places(text: &str) -> String {
    let mut text = text.replace(&format!("{}/", root().display()), "");
    for (name, shown) in [("CARGO_HOME", "$CARGO_HOME"), ("HOME", "~")] {
        if let Ok(place) = std::env::var(name) {
            text = text.replace(&format!("{place}/"), &format!("{shown}/"));
        }
    }
    text
}

fn load() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let first = text.split(' ').next().and_then(|word| word.parse().ok());
    first.unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_that_only_warns_is_a_warning() {
        let mark = |outcome: &str, severity: &str| {
            Seen {
                id: String::new(),
                severity: severity.to_owned(),
                outcome: outcome.to_owned(),
                evidence: String::new(),
            }
            .mark()
        };
        assert_eq!(mark("fail", "error"), Mark::Fail);
        assert_eq!(mark("fail", "warning"), Mark::Warn);
        assert_eq!(mark("warn", "error"), Mark::Warn);
        assert_eq!(mark("could-not-run", "error"), Mark::CouldNotRun);
    }

    #[test]
    fn places_of_this_machine_are_not_told() {
        let text = format!("such as {}/compare/rt0/src/lib.rs", root().display());
        assert_eq!(without_places(&text), "such as compare/rt0/src/lib.rs");
    }

    #[test]
    fn the_command_is_what_is_run() {
        let path = Path::new("a.so");
        let header = Some(Path::new("a.h"));
        assert_eq!(
            command(path, header, Some(Path::new("doctor.toml")), 2),
            "cargo rt0 doctor a.so --config doctor.toml --header a.h --jobs 2"
        );
    }
}
