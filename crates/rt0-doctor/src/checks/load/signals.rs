//! A library that changes how the host handles signals changes the host.

use crate::check::{Check, How, Needs, Severity, Verdict};
use crate::pages::page;
use crate::subject::{Subject, signals};

/// The check.
pub const CHECK: Check = Check {
    id: "load-signals",
    severity: Severity::Error,
    hazard: "L9",
    title: "loading and calling the library leaves the host's signals alone",
    page: page!("load-signals"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

/// The host's own handler, and a mask with a signal that waits.
fn run(subject: &Subject) -> Verdict {
    signals::handle(libc::SIGUSR1, on_signal);
    signals::handle(libc::SIGCHLD, on_signal);
    signals::block(&[libc::SIGUSR2, libc::SIGTERM]);
    subject.step("raising a signal that is blocked");
    signals::raise(libc::SIGTERM);
    let before = signals::State::now();
    let library = subject.ready()?;
    before.compare("loading")?;
    subject.call_all(&library)?;
    before.compare("a call")?;
    subject.settle();
    before.compare("the start")?;
    Ok(
        "handlers, mask and alternative stack are as before, and what was pending is pending"
            .to_owned(),
    )
}

extern "C" fn on_signal(_: i32) {}
