//! Two parts of a host shut the library down, one after the other or at the same time, or before it was used.

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Library, Subject, fork};

/// The check.
pub const CHECK: Check = Check {
    id: "shutdown-again",
    severity: Severity::Error,
    hazard: "U7",
    title: "a shutdown too many does no harm",
    page: page!("shutdown-again"),
    needs: Needs::Shutdown,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    case(subject, "a host that never called", |library| {
        let shutdown = library.prepare(subject.shutdown()?)?;
        subject.step("shutting down, before any call");
        shutdown.invoke();
        subject.step("shutting down once more, before any call");
        shutdown.invoke();
        Ok(())
    })?;
    case(subject, "a host that shuts down twice", |library| {
        subject.call_all(library)?;
        subject.call(library, subject.shutdown()?)?;
        let shutdown = library.prepare(subject.shutdown()?)?;
        subject.step("shutting down for the second time");
        shutdown.invoke();
        // A call may be refused now, or begin everything anew.
        Calls::of(subject, library, "after the shutdown")?.returned(subject);
        subject.step("shutting down for the third time");
        shutdown.invoke();
        Ok(())
    })?;
    case(
        subject,
        "a host that shuts down on two threads at once",
        |library| {
            subject.call_all(library)?;
            let shutdown = library.prepare(subject.shutdown()?)?;
            subject.step("shutting down on two threads at once");
            std::thread::scope(|scope| {
                scope.spawn(|| shutdown.invoke());
                scope.spawn(|| shutdown.invoke());
            });
            Ok(())
        },
    )?;
    Ok("before any call, again, and on two threads at once".to_owned())
}

/// Each in a process of its own.
fn case(
    subject: &Subject,
    what: &str,
    run: impl FnOnce(&Library) -> Result<(), Stop>,
) -> Result<(), Stop> {
    subject.step("forking, before the load");
    let host = fork(what, || {
        let library = subject.ready()?;
        run(&library)?;
        Ok(String::new())
    })?;
    host.verdict().map(drop)
}
