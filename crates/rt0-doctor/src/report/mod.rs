//! What came of a run: a table, JSON, JUnit, SARIF, and an exit code.

mod junit;
mod sarif;
mod table;
#[cfg(test)]
mod tests;
pub mod xml;

use serde::Serialize;

use crate::check::{Finding, Outcome};
use crate::plan::Plan;

/// What came of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The library.
    pub library: String,
    /// Whether it says that it was built with rt0.
    pub rt0: bool,
    /// The calls that were made.
    pub calls: Vec<String>,
    /// How long all of it took.
    pub seconds: f64,
    /// Why no check could load the library, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unloadable: Option<String>,
    /// The checks, in the order of the list.
    pub checks: Vec<Finding>,
}

impl Report {
    /// A report of these findings.
    pub fn new(plan: &Plan, checks: Vec<Finding>, seconds: f64) -> Report {
        let calls = plan.setup.iter().chain(&plan.calls).chain(&plan.shutdown);
        Report {
            library: plan.library.display().to_string(),
            rt0: plan.rt0,
            calls: calls.map(ToString::to_string).collect(),
            seconds,
            unloadable: None,
            checks,
        }
    }

    /// 0: nothing is wrong. 1: a check failed, or one that is required did not pass. 2: a check could not run, or the
    /// library can't be loaded, whatever its file is like.
    pub fn exit_code(&self) -> u8 {
        let could_not = |finding: &Finding| finding.outcome == Outcome::CouldNotRun;
        if self.unloadable.is_some() {
            2
        } else if self.checks.iter().any(Finding::is_failure) {
            1
        } else if self.checks.iter().any(could_not) {
            2
        } else {
            0
        }
    }

    /// How many checks ended so.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.checks
            .iter()
            .filter(|finding| finding.outcome == outcome)
            .count()
    }

    /// The table for a person: what is well first, what is wrong last.
    pub fn to_text(&self) -> String {
        table::write(self)
    }

    /// JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// JUnit's XML.
    pub fn to_junit(&self) -> String {
        junit::write(self)
    }

    /// SARIF 2.1.0.
    pub fn to_sarif(&self) -> String {
        serde_json::to_string_pretty(&sarif::of(self)).unwrap_or_default() + "\n"
    }
}

impl Outcome {
    /// The word in the table.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Pass => "PASS",
            Outcome::Skip => "SKIP",
            Outcome::Warn => "WARN",
            Outcome::CouldNotRun => "COULD NOT RUN",
            Outcome::Fail => "FAIL",
        }
    }
}
