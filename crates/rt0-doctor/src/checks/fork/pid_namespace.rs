//! The first process of a container makes the first of another: child and parent have the number 1.

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Subject, fork};

/// The check.
pub const CHECK: Check = Check {
    id: "fork-pid-namespace",
    severity: Severity::Error,
    hazard: "F7",
    title: "a child with its parent's process number is answered",
    page: page!("fork-pid-namespace"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    own_numbers().or_else(|_| {
        // SAFETY: it has no preconditions; the process has one thread.
        match unsafe { libc::unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWPID) } {
            0 => Ok(()),
            _ => Err(Stop::skip(
                "this user may not make a namespace of process numbers",
            )),
        }
    })?;
    fork("the first process of a container", || first(subject))?.verdict()
}

/// The next child is the first process of a new namespace.
fn own_numbers() -> Result<(), Stop> {
    // SAFETY: it has no preconditions.
    match unsafe { libc::unshare(libc::CLONE_NEWPID) } {
        0 => Ok(()),
        _ => Err(Stop::skip(format!(
            "no namespace of process numbers can be made: {}",
            std::io::Error::last_os_error()
        ))),
    }
}

fn first(subject: &Subject) -> Verdict {
    let library = subject.ready()?;
    subject.call_all(&library)?;
    // From now on this process can't make threads, so the library is not called here any more.
    own_numbers()?;
    let calls = Calls::of(subject, &library, "in a child with its parent's number")?;
    subject.step("forking into a new namespace");
    let child = fork("a child with its parent's number", || {
        calls.answered(subject)?;
        Ok(format!(
            "parent and child have the number {}",
            std::process::id()
        ))
    })?;
    child.verdict()
}
