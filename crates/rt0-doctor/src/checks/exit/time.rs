//! A host that ends must end: who waits for it may be a person, or a supervisor that kills what is too slow.

use std::time::{Duration, Instant};

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

/// How often it is measured, and how often and how long at most as long as it is not quick. The quickest counts, so a
/// busy machine changes nothing.
const TIMES: u32 = 5;
const MOST: u32 = 25;
const LONGEST: Duration = Duration::from_secs(4);

/// From here on somebody notices.
const NOTABLE: Duration = Duration::from_millis(200);

/// From here on somebody minds.
const TOO_LONG: Duration = Duration::from_secs(1);

fn run(subject: &Subject) -> Verdict {
    let mut quickest = Duration::MAX;
    let (begun, mut times) = (Instant::now(), 0);
    while times < TIMES || (quickest > NOTABLE && times < MOST && begun.elapsed() < LONGEST) {
        times += 1;
        let taken = Ending::of("a host that has called", 57).exits(subject, || {
            let library = subject.ready()?;
            subject.call_all(&library)
        })?;
        quickest = quickest.min(taken);
    }
    let says = format!("{quickest:.1?} from exit to the end, the quickest of {times}");
    match quickest {
        _ if quickest > TOO_LONG => Err(Stop::fail(says)),
        _ if quickest > NOTABLE => Err(Stop::warn(says)),
        _ => Ok(says),
    }
}
