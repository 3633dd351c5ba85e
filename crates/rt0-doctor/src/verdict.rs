//! What comes out of a check.

use serde::{Deserialize, Serialize};

/// What a check has found: the evidence in one sentence if all is well.
pub type Verdict = Result<String, Stop>;

/// What keeps a check from passing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stop {
    /// Which kind.
    pub outcome: Outcome,
    /// One sentence, without a full stop.
    pub evidence: String,
    /// More lines, for whoever mends it.
    pub details: Option<String>,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The library does what it should.
    Pass,
    /// The check does not apply, or lacks something: never counted as a pass.
    Skip,
    /// The library does something that may harm.
    Warn,
    /// The check itself could not do its work.
    CouldNotRun,
    /// The library does harm.
    Fail,
}

impl Stop {
    /// The library is at fault.
    pub fn fail(evidence: impl Into<String>) -> Stop {
        Stop::new(Outcome::Fail, evidence)
    }

    /// It may be at fault, or the fault harms few.
    pub fn warn(evidence: impl Into<String>) -> Stop {
        Stop::new(Outcome::Warn, evidence)
    }

    /// The check does not apply here.
    pub fn skip(evidence: impl Into<String>) -> Stop {
        Stop::new(Outcome::Skip, evidence)
    }

    /// The check can't do its work.
    pub fn could_not(evidence: impl Into<String>) -> Stop {
        Stop::new(Outcome::CouldNotRun, evidence)
    }

    /// The same with more lines.
    #[must_use]
    pub fn with(mut self, details: impl Into<String>) -> Stop {
        self.details = Some(details.into());
        self
    }

    /// The same with a remark after the evidence, in parentheses.
    #[must_use]
    pub fn noting(mut self, remark: &str) -> Stop {
        self.evidence = format!("{} ({remark})", self.evidence);
        self
    }

    /// The same with where or when it was, before the evidence.
    #[must_use]
    pub fn during(mut self, when: &str) -> Stop {
        self.evidence = format!("{when}: {}", self.evidence);
        self
    }

    fn new(outcome: Outcome, evidence: impl Into<String>) -> Stop {
        Stop {
            outcome,
            evidence: evidence.into(),
            details: None,
        }
    }
}
