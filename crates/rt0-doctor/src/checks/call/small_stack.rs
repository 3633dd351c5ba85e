//! Threads with small stacks call: 16 KiB is the least that POSIX systems give, 128 KiB is what musl gives by default.

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Status, Subject, fork};

/// The check.
pub const CHECK: Check = Check {
    id: "call-small-stack",
    severity: Severity::Error,
    hazard: "W7",
    title: "a call needs no more stack than the smallest threads have",
    page: page!("call-small-stack"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

/// What is tried, in KiB; the last is what most main threads have.
const SIZES: [usize; 6] = [16, 32, 64, 128, 512, 8192];

/// Up to here nothing is wrong with a call.
const SMALL: usize = 16;

/// What musl gives a thread that says nothing.
const USUAL: usize = 128;

fn run(subject: &Subject) -> Verdict {
    for size in SIZES {
        subject.step("forking, before the load");
        let host = fork("a host with small stacks", || {
            let library = subject.ready()?;
            let calls = Calls::of(subject, &library, "on a thread with a small stack")?;
            calls.answered_on_stack(subject, size << 10)?;
            Ok(String::new())
        })?;
        match (host.end()?, size) {
            (Status::Exit(0), ..=SMALL) => return Ok(format!("{size} KiB of stack are enough")),
            (Status::Exit(0), ..=USUAL) => {
                return Err(Stop::warn(format!(
                    "a first call needs more than {} KiB of stack; {size} KiB are enough",
                    size / 2
                )));
            }
            (Status::Exit(0), _) => {
                return Err(Stop::fail(format!(
                    "a first call crashes on a thread with {USUAL} KiB of stack; {size} KiB are enough"
                )));
            }
            // Perhaps the stack was too small.
            (Status::Signal(_), _) => {}
            (status, _) => return Err(Stop::fail(format!("a call {status}"))),
        }
    }
    Err(Stop::could_not(
        "a first call crashes on a large stack, too",
    ))
}
