//! A host of plugins loads and unloads without end: what each time leaves behind adds up.

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Footprint, Library, Rounds, Subject};

/// The check.
pub const CHECK: Check = Check {
    id: "unload-repeated",
    severity: Severity::Error,
    hazard: "U4",
    title: "loads and unloads, again and again, leave nothing behind",
    page: page!("unload-repeated"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

/// How often: at least, and if it is quick.
const LEAST: u32 = 40;
const MOST: u32 = 220;

/// After how often what is made once has been made.
const WARM: u32 = 20;

fn run(subject: &Subject) -> Verdict {
    let first = subject.load()?;
    let mut calls = Calls::whole_life(subject, &first)?;
    calls.answered(subject)?;
    close(subject, first)?;
    let mut before = Footprint::now();
    let mut rounds = Rounds::of(LEAST, MOST);
    for round in &mut rounds {
        let library = subject.load()?;
        calls.look_up_again(&library)?;
        calls.answered(subject)?;
        close(subject, library)?;
        if round + 1 == WARM {
            before = Footprint::now();
        }
    }
    let times = rounds.done;
    let growth = before.growth();
    match growth.beyond(times - WARM) {
        None => Ok(format!(
            "{times} loads and unloads, {} of them: {growth}",
            times - WARM
        )),
        Some(what) => Err(Stop::fail(format!(
            "{} loads and unloads have left behind: {what}",
            times - WARM
        ))),
    }
}

fn close(subject: &Subject, library: Library) -> Result<(), Stop> {
    subject.step("closing the library");
    library
        .close()
        .map_err(|why| Stop::fail(format!("it can't be closed: {why}")))
}
