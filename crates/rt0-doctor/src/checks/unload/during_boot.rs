//! A host looks whether a plugin has what it wants, and closes it at once: in the middle of its start.

use std::time::Duration;

use super::closing::{self, Left};
use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Rounds, Subject, fork, give};

/// The check.
pub const CHECK: Check = Check {
    id: "unload-during-boot",
    severity: Severity::Error,
    hazard: "U2",
    title: "the library can be closed at any moment of its start",
    page: page!("unload-during-boot"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

/// After how many times it is closed, and how far they are apart: at first closely.
const MOMENTS: u32 = 20;
const APART: Duration = Duration::from_micros(50);

/// How long a thread may sleep that would run code which is gone.
const WATCH: Duration = Duration::from_millis(60);

fn run(subject: &Subject) -> Verdict {
    for moment in Rounds::of(MOMENTS, MOMENTS) {
        let after = APART * moment * moment / 2;
        subject.step("forking, before the load");
        let host = fork("a host that closes the library while it starts", || {
            let library = subject.load()?;
            subject.step("waiting for a moment of the library's start");
            std::thread::sleep(after);
            let left = closing::close(subject, library)?;
            subject.step("waiting for what the start of the closed library may still do");
            give(WATCH);
            match left {
                Left::Threads(count @ 1..) => Err(Stop::fail(format!(
                    "it was unmapped {after:?} after the load, while threads that it had made ({count}) were still there"
                ))),
                _ => Ok(String::new()),
            }
        })?;
        host.verdict()?;
    }
    Ok(format!(
        "closed at {MOMENTS} moments, up to {:.1?} after the load",
        APART * (MOMENTS - 1) * (MOMENTS - 1) / 2
    ))
}
