//! Destructors run while the library's threads are still there, asleep on what is being destroyed.

use std::time::Duration;

use super::ending::Ending;
use crate::check::{Check, How, Needs, Severity, Verdict};
use crate::pages::page;
use crate::subject::{Rounds, Subject, give};

/// The check.
pub const CHECK: Check = Check {
    id: "exit-idle",
    severity: Severity::Error,
    hazard: "U5",
    title: "the process ends cleanly while the library's threads sleep",
    page: page!("exit-idle"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

/// How many processes end so: at least, and if they are quick.
const LEAST: u32 = 5;
const TIMES: u32 = 10;

fn run(subject: &Subject) -> Verdict {
    let mut rounds = Rounds::of(LEAST, TIMES);
    for _ in &mut rounds {
        Ending::of("a host whose library sleeps", 57).exits(subject, || {
            let library = subject.ready()?;
            subject.call_all(&library)?;
            subject.step("letting the library's threads fall asleep");
            give(Duration::from_millis(20));
            Ok(())
        })?;
    }
    Ok(format!("{} processes ended cleanly", rounds.done))
}
