//! A server that lives long forks without end: what each fork leaves behind in the parent adds up.

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Footprint, Rounds, Subject, fork};

/// The check.
pub const CHECK: Check = Check {
    id: "fork-thousand",
    severity: Severity::Error,
    hazard: "F5",
    title: "a thousand forks leave nothing behind in the parent",
    page: page!("fork-thousand"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

const FORKS: u32 = 1000;

/// How many there are at least, if they are slow.
const LEAST: u32 = 400;

/// After how many forks what is made once has been made.
const WARM: u32 = 100;

/// In how many of the children calls are made: one in so many.
const CALLING: u32 = 100;

fn run(subject: &Subject) -> Verdict {
    let library = subject.ready()?;
    subject.call_all(&library)?;
    let calls = Calls::of(subject, &library, "in the child of one of many forks")?;
    let mut before = Footprint::now();
    let mut rounds = Rounds::of(LEAST, FORKS);
    for round in &mut rounds {
        let number = round + 1;
        subject.step("forking again and again");
        let child = fork("a child", || {
            if number % CALLING == 0 {
                calls.answered(subject)?;
            }
            Ok(String::new())
        })?;
        child.verdict()?;
        if number == WARM {
            before = Footprint::now();
        }
    }
    let growth = before.growth();
    if let Some(what) = growth.beyond(rounds.done - WARM) {
        return Err(Stop::fail(format!(
            "{} forks have left behind in the parent: {what}",
            rounds.done - WARM
        )));
    }
    Calls::of(subject, &library, "in the parent, after the forks")?.answered(subject)?;
    Ok(format!("{} forks: {growth}", rounds.done))
}
