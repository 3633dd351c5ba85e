//! `dlclose` takes the code away from under whatever thread of the library's still runs it.

use std::time::Duration;

use super::closing::{self, Left};
use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Library, Subject, fork, give};

/// The check.
pub const CHECK: Check = Check {
    id: "unload-threads",
    severity: Severity::Error,
    hazard: "U1",
    title: "no thread of the library's is left when it is unmapped",
    page: page!("unload-threads"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

/// How long a thread may sleep that would run code which is gone.
const WATCH: Duration = Duration::from_millis(400);

fn run(subject: &Subject) -> Verdict {
    subject.step("forking, before the load");
    let host = fork("a host that closes the library", || {
        let library: Library = subject.ready()?;
        subject.call_all(&library)?;
        let left = closing::close(subject, library)?;
        subject.step("waiting for what a thread of the closed library may do");
        give(WATCH);
        match left {
            Left::Mapped => Ok("it stays mapped".to_owned()),
            Left::Threads(0) => Ok("it is unmapped, and no thread of its is left".to_owned()),
            Left::Threads(count) => Err(Stop::fail(format!(
                "it was unmapped while threads that it had made ({count}) were still there"
            ))),
        }
    })?;
    host.verdict()
}
