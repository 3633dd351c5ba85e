//! The host calls as soon as the load has returned: whatever begins at load has had no time.

use crate::check::{Check, How, Needs, Severity, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Subject, fork};

/// The check.
pub const CHECK: Check = Check {
    id: "call-first-at-once",
    severity: Severity::Error,
    hazard: "W1",
    title: "a call that comes right after the load is answered",
    page: page!("call-first-at-once"),
    needs: Needs::Call,
    runs: 3,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    // Each call is the first one in a process of its own.
    for call in &subject.plan.calls {
        subject.step("forking, before the load");
        let host = fork("a host that calls at once", || {
            let library = subject.load()?;
            if subject.plan.setup.is_some() {
                subject.set_up(&library)?;
            }
            subject.call(&library, call)?;
            // What is told to a library that is only just awake must hold later, too.
            Calls::of(subject, &library, "a second time")?.answered(subject)?;
            Ok(String::new())
        })?;
        host.verdict()?;
    }
    Ok("the first call of a process was answered".to_owned())
}
