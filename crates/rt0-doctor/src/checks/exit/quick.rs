//! A host that wants no handlers to run says so, by `quick_exit` or `_exit`.

use super::ending::{Ending, Way};
use crate::check::{Check, How, Needs, Severity, Verdict};
use crate::pages::page;
use crate::subject::Subject;

/// The check.
pub const CHECK: Check = Check {
    id: "exit-quick",
    severity: Severity::Error,
    hazard: "U5",
    title: "`quick_exit` and `_exit` end the process at once, with their exit codes",
    page: page!("exit-quick"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    for way in [Way::QuickExit, Way::AtOnce] {
        let ending = Ending::by(way, "a host that wants no handlers to run", 57);
        ending.exits(subject, || {
            let library = subject.ready()?;
            subject.call_all(&library)
        })?;
    }
    Ok("both kept the exit code".to_owned())
}
