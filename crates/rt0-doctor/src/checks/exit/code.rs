//! Whoever started the host reads its exit code: a handler of the library's must not replace it.

use super::ending::Ending;
use crate::check::{Check, How, Needs, Severity, Verdict};
use crate::pages::page;
use crate::subject::Subject;

/// The check.
pub const CHECK: Check = Check {
    id: "exit-code",
    severity: Severity::Error,
    hazard: "U5",
    title: "the host's exit code is kept",
    page: page!("exit-code"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    for code in [57, 0, 255] {
        let after_load = Ending::of("a host that has only loaded the library", code);
        after_load.exits(subject, || subject.load().map(drop))?;
        let after_calls = Ending::of("a host that has called", code);
        after_calls.exits(subject, || {
            let library = subject.ready()?;
            subject.call_all(&library)
        })?;
    }
    Ok("57, 0 and 255 were kept".to_owned())
}
