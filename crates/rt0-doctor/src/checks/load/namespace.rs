//! A second namespace of the loader's, with a C library of its own: debuggers and plugin hosts use it.

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Library, Namespace, Subject};

/// The check.
pub const CHECK: Check = Check {
    id: "load-namespace",
    severity: Severity::Warning,
    hazard: "G2",
    title: "the library also works in a namespace of dlmopen",
    page: page!("load-namespace"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    let first = subject.ready()?;
    subject.call_all(&first)?;
    subject.step("loading it again, into a namespace of its own");
    let second = Library::open_in(Namespace::New, &subject.plan.library).map_err(|why| {
        Stop::fail(format!(
            "it can't be loaded into a namespace of its own: {why}"
        ))
    })?;
    subject.step("calling in the new namespace");
    let named = |stop: Stop| Stop {
        evidence: format!("in a namespace of its own: {}", stop.evidence),
        ..stop
    };
    subject.set_up(&second).map_err(named)?;
    subject.call_all(&second).map_err(named)?;
    subject.settle();
    Ok(match subject.plan.calls.is_empty() {
        true => "it is loaded there",
        false => "it is loaded there, and answers",
    }
    .to_owned())
}
