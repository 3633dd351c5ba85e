//! A host that ends must end: who waits for it may be a person, or a supervisor that kills what is too slow.

use std::time::Duration;

use super::ending::Ending;
use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::Subject;

/// The check.
pub const CHECK: Check = Check {
    id: "exit-time",
    severity: Severity::Error,
    hazard: "U5",
    title: "the process ends in no time when nothing is to be done",
    page: page!("exit-time"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

/// How often it is measured; the quickest counts, so a busy machine changes nothing.
const TIMES: u32 = 5;

/// From here on somebody notices.
const NOTABLE: Duration = Duration::from_millis(200);

/// From here on somebody minds.
const TOO_LONG: Duration = Duration::from_secs(1);

fn run(subject: &Subject) -> Verdict {
    let mut quickest = Duration::MAX;
    for _ in 0..TIMES {
        let taken = Ending::of("a host that has called", 57).exits(subject, || {
            let library = subject.ready()?;
            subject.call_all(&library)
        })?;
        quickest = quickest.min(taken);
    }
    let says = format!("{quickest:.1?} from exit to the end, the quickest of {TIMES}");
    match quickest {
        _ if quickest > TOO_LONG => Err(Stop::fail(says)),
        _ if quickest > NOTABLE => Err(Stop::warn(says)),
        _ => Ok(says),
    }
}
