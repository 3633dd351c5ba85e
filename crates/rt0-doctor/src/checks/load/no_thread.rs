//! A process that gets no more threads: a limit, a container, a sandbox.

use crate::check::{Check, How, Needs, Severity, Verdict};
use crate::pages::page;
use crate::subject::{Subject, sandbox};

/// The check.
pub const CHECK: Check = Check {
    id: "load-no-thread",
    severity: Severity::Error,
    hazard: "L4",
    title: "the process lives on if the library can make no thread",
    page: page!("load-no-thread"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    sandbox::refuse_threads()?;
    let library = subject.load()?;
    let before = "the process lives";
    for call in subject.plan.setup.iter().chain(&subject.plan.calls) {
        let prepared = library.prepare(call)?;
        subject.step(&format!(
            "calling {} with no threads to be had",
            call.label()
        ));
        // Whatever it answers: an error is what the caller should get.
        prepared.invoke();
    }
    subject.settle();
    Ok(match subject.plan.calls.len() {
        0 => format!("it is loaded, and {before}"),
        _ => format!("its calls return, and {before}"),
    })
}
