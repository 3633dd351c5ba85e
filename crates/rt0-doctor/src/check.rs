//! What a check is, and what may come out of it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::file::File;
use crate::subject::Subject;
pub use crate::verdict::{Outcome, Stop, Verdict};

/// One check. Each is a `const` in a file of its own; [`crate::checks::all`] lists them.
pub struct Check {
    /// Its stable name: the group, a hyphen, and the rest.
    pub id: &'static str,
    /// What a failure means for the exit code.
    pub severity: Severity,
    /// The row of docs/hazards.md that it stands for.
    pub hazard: &'static str,
    /// What a sound library does, in one sentence without a full stop.
    pub title: &'static str,
    /// The page: docs/doctor/ID.md.
    pub page: &'static str,
    /// What it can't do without.
    pub needs: Needs,
    /// How often it runs unless it fails before: a check of a race runs until the chance to miss it is small.
    pub runs: u32,
    /// How it looks.
    pub how: How,
}

/// What a failure means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The exit code is 1.
    Error,
    /// It is printed as a warning, and the exit code is not changed.
    Warning,
}

/// What a check can't do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Only the library.
    Nothing,
    /// A call into it.
    Call,
    /// A call into it, and the one that shuts it down.
    Shutdown,
}

/// How a check looks at the library.
#[derive(Clone, Copy)]
pub enum How {
    /// It reads the file, for whatever processor.
    Static(fn(&File<'_>) -> Verdict),
    /// It runs in a fresh process, which may load the library, hang and crash.
    Dynamic(fn(&Subject) -> Verdict),
}

impl Check {
    /// Its group: what stands before the first hyphen.
    pub fn group(&self) -> &'static str {
        self.id.split('-').next().unwrap_or(self.id)
    }
}

/// What came of a check, as all reports show it.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The check.
    pub id: &'static str,
    /// The row of docs/hazards.md.
    pub hazard: &'static str,
    /// What a failure means.
    pub severity: Severity,
    /// How it ended.
    pub outcome: Outcome,
    /// One sentence.
    pub evidence: String,
    /// More lines: stacks, what the library printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    /// How long it took.
    pub seconds: f64,
    /// How often it ran.
    pub runs: u32,
    /// How many rounds of a repetition that were in all, up to the one that failed; at least one in each run.
    pub rounds: u32,
    /// How many there are at the least if none fails, however slow the library is.
    pub least_rounds: u32,
    /// Why its outcome does not count, if the person who asked has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excluded: Option<String>,
    /// Whether it must pass.
    pub required: bool,
    /// The command that runs just this check.
    pub reproduce: String,
}

impl Finding {
    /// What this verdict of a check says, without when and how often.
    pub fn of(check: &Check, verdict: Verdict) -> Finding {
        let (outcome, evidence, details) = match verdict {
            Ok(evidence) => (Outcome::Pass, evidence, None),
            Err(stop) => (stop.outcome, stop.evidence, stop.details),
        };
        Finding {
            id: check.id,
            hazard: check.hazard,
            severity: check.severity,
            outcome,
            evidence,
            details,
            seconds: 0.0,
            runs: 0,
            rounds: 0,
            least_rounds: 0,
            excluded: None,
            required: false,
            reproduce: String::new(),
        }
    }

    /// Whether it makes the exit code 1.
    pub fn is_failure(&self) -> bool {
        match self.outcome {
            _ if self.excluded.is_some() => false,
            Outcome::Pass => false,
            Outcome::Fail => self.required || self.severity == Severity::Error,
            Outcome::Skip | Outcome::Warn => self.required,
            // It says nothing about the library: exit code 2, unless it is required.
            Outcome::CouldNotRun => self.required,
        }
    }
}

/// A time in seconds, for reports.
pub fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1000.0).round() / 1000.0
}
