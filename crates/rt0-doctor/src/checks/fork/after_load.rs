//! A prefork server loads the library in its master, and calls it in its workers only.

use std::time::Duration;

use crate::check::{Check, How, Needs, Severity, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Subject, fork, give};

/// The check.
pub const CHECK: Check = Check {
    id: "fork-after-load",
    severity: Severity::Error,
    hazard: "F1",
    title: "a child that was forked after the load is answered, and so is its parent",
    page: page!("fork-after-load"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    let library = subject.ready()?;
    // Once while whatever begins at load may still be at work, and once when it has had time to settle.
    for what in [
        "the child of a fork after the load",
        "the child of a later fork",
    ] {
        let calls = Calls::of(subject, &library, "in the fork's child")?;
        subject.step("forking");
        let child = fork(what, || {
            calls.answered(subject)?;
            Ok(String::new())
        })?;
        child.verdict()?;
        give(Duration::from_millis(200));
    }
    Calls::of(subject, &library, "in the parent, after the forks")?.answered(subject)?;
    Ok("both children and their parent were answered".to_owned())
}
