//! The host's thread has called, and ends later: what it runs at its end for the library may no longer be there.

use std::sync::Barrier;

use super::closing;
use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Subject, fork};

/// The check.
pub const CHECK: Check = Check {
    id: "unload-thread-exits-after",
    severity: Severity::Error,
    hazard: "U3",
    title: "a thread that has called can end after the library was closed",
    page: page!("unload-thread-exits-after"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    subject.step("forking, before the load");
    let host = fork(
        "a host whose thread ends after the library was closed",
        || {
            let library = subject.ready()?;
            let calls = Calls::of(subject, &library, "on a thread that ends later")?;
            let barrier = Barrier::new(2);
            std::thread::scope(|scope| {
                let thread = scope.spawn(|| {
                    let answer = calls.answered(subject);
                    barrier.wait();
                    // Meanwhile the library is closed.
                    barrier.wait();
                    answer
                });
                barrier.wait();
                let closed = closing::close(subject, library);
                subject.step("waiting for the end of a thread that has called");
                barrier.wait();
                let answer = thread
                    .join()
                    .map_err(|_| Stop::could_not("the calling thread has panicked"))?;
                closed.and(answer)
            })?;
            Ok("the thread has ended".to_owned())
        },
    )?;
    host.verdict()
}
