//! After the shutdown the host frees what the library's callbacks use.

use std::time::Duration;

use crate::calls::Kind;
use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Library, Subject, callbacks, give, threads, wait_until};

/// The check.
pub const CHECK: Check = Check {
    id: "shutdown-barrier",
    severity: Severity::Error,
    hazard: "U7",
    title: "nothing comes from the library once its shutdown has returned",
    page: page!("shutdown-barrier"),
    needs: Needs::Shutdown,
    runs: 1,
    how: How::Dynamic(run),
};

/// How long a callback may take to come that must not come.
const WATCH: Duration = Duration::from_millis(300);

/// How long a thread may take to end that was told to.
const PATIENCE: Duration = Duration::from_secs(1);

fn run(subject: &Subject) -> Verdict {
    let before = threads().len();
    let library: Library = subject.ready()?;
    subject.call_all(&library)?;
    wait_for_work(subject);
    subject.call(&library, subject.shutdown()?)?;
    let count = callbacks();
    subject.step("waiting for what must not come after the shutdown");
    give(WATCH);
    let late = callbacks() - count;
    if late > 0 {
        return Err(Stop::fail(format!(
            "it has called back {late} times after its shutdown had returned"
        )));
    }
    if wait_until(PATIENCE, || threads().len() <= before) {
        return Ok(format!(
            "no callback ({count} before) and no thread came after it"
        ));
    }
    Err(Stop::warn(format!(
        "{} threads that it had made are still there after its shutdown",
        threads().len() - before
    )))
}

/// Lets a library that calls back by itself do so, or nothing would come whatever its shutdown does.
fn wait_for_work(subject: &Subject) {
    if !subject
        .plan
        .calls
        .iter()
        .any(|call| call.kind == Kind::CallsBack)
    {
        return;
    }
    subject.step("waiting for the library to call back");
    let before = callbacks();
    wait_until(WATCH, || callbacks() >= before + 2);
}
