//! The host has used the library, and forks: gunicorn --preload, Celery, multiprocessing, Puma.

use crate::check::{Check, How, Needs, Severity, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Subject, fork};

/// The check.
pub const CHECK: Check = Check {
    id: "fork-after-call",
    severity: Severity::Error,
    hazard: "F1",
    title: "a child that was forked after a call is answered, and so is its parent",
    page: page!("fork-after-call"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    let library = subject.ready()?;
    subject.call_all(&library)?;
    let calls = Calls::of(subject, &library, "in the fork's child")?;
    subject.step("forking");
    let child = fork("the child of a fork after a call", || {
        calls.answered(subject)?;
        calls.answered(subject)?;
        Ok(String::new())
    })?;
    child.verdict()?;
    Calls::of(subject, &library, "in the parent, after the fork")?.answered(subject)?;
    Ok("the child and its parent were answered".to_owned())
}
