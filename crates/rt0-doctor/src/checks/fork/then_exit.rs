//! A child that ends by `exit` runs the library's handlers and destructors, without the threads that they wait for.

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Library, Status, Subject, fork};

/// The check.
pub const CHECK: Check = Check {
    id: "fork-then-exit",
    severity: Severity::Error,
    hazard: "F1",
    title: "a child that ends by `exit` ends, with its own exit code",
    page: page!("fork-then-exit"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    let library = subject.ready()?;
    subject.call_all(&library)?;
    ends(subject, &library, "a child that exits at once", 41, false)?;
    ends(subject, &library, "a child that calls and exits", 42, true)?;
    Calls::of(subject, &library, "in the parent, after the children's end")?.answered(subject)?;
    Ok("its children kept their exit codes".to_owned())
}

fn ends(
    subject: &Subject,
    library: &Library,
    what: &str,
    code: i32,
    calls: bool,
) -> Result<(), Stop> {
    let ready = Calls::of(subject, library, "in the fork's child")?;
    subject.step("forking");
    let child = fork(what, || {
        if calls {
            ready.answered(subject)?;
        }
        subject.step("exiting in the fork's child");
        // SAFETY: this is what the check is about; the process has one thread, or those of the library.
        unsafe { libc::exit(code) }
    })?;
    match child.end()? {
        Status::Exit(found) if found == code => Ok(()),
        status => Err(Stop::fail(format!("{what} with code {code} {status}"))),
    }
}
