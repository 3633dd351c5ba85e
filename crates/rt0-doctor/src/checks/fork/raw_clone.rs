//! Sandboxes, containers and old daemons make children by the bare system call, which no library is told of.

use super::without_handlers;
use crate::check::{Check, How, Needs, Severity, Verdict};
use crate::pages::page;
use crate::subject::Subject;

/// The check.
pub const CHECK: Check = Check {
    id: "fork-raw-clone",
    severity: Severity::Warning,
    hazard: "F3",
    title: "a call in a child of the system call `clone` returns",
    page: page!("fork-raw-clone"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    // SAFETY: without flags it does as fork(2) does. The arguments after the flags are zero, in whatever order this
    // processor has them.
    let clone = || unsafe { libc::syscall(libc::SYS_clone, libc::SIGCHLD, 0, 0, 0, 0) as i32 };
    without_handlers::check(subject, "a raw clone", clone)
}
