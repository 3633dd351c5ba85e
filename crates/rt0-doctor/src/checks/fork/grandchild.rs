//! A worker forks again: what was made good once in the child must be made good in its child, too.

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Subject, fork};

/// The check.
pub const CHECK: Check = Check {
    id: "fork-grandchild",
    severity: Severity::Error,
    hazard: "F5",
    title: "a child's children are answered, four generations deep",
    page: page!("fork-grandchild"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

/// How deep it goes.
const GENERATIONS: u32 = 4;

fn run(subject: &Subject) -> Verdict {
    let library = subject.ready()?;
    subject.call_all(&library)?;
    let calls = Calls::of(subject, &library, "in a descendant")?;
    descend(subject, &calls, GENERATIONS)?;
    Calls::of(subject, &library, "in the parent of all")?.answered(subject)?;
    Ok(format!("{GENERATIONS} generations were answered"))
}

fn descend(subject: &Subject, calls: &Calls, more: u32) -> Result<(), Stop> {
    if more == 0 {
        return Ok(());
    }
    subject.step("forking");
    let child = fork("a child", || {
        calls.answered(subject)?;
        descend(subject, calls, more - 1)?;
        calls.answered(subject)?;
        Ok(String::new())
    })?;
    child.verdict().map(drop)
}
