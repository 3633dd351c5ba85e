//! A host of plugins loads and unloads without end: what each time leaves behind adds up.

use std::time::{Duration, Instant};

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Footprint, Library, Subject};

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

/// How often at most; the time ends it on a slow machine, but not before the least number.
const MOST: u32 = 220;
const LEAST: u32 = 80;
const TIME: Duration = Duration::from_secs(4);

/// After how often what is made once has been made.
const WARM: u32 = 20;

fn run(subject: &Subject) -> Verdict {
    let first = subject.load()?;
    let mut calls = Calls::whole_life(subject, &first)?;
    calls.answered(subject)?;
    close(subject, first)?;
    let mut before = Footprint::now();
    let begun = Instant::now();
    let mut times = 0;
    while times < LEAST || (times < MOST && begun.elapsed() < TIME) {
        let library = subject.load()?;
        calls.look_up_again(&library)?;
        calls.answered(subject)?;
        close(subject, library)?;
        times += 1;
        if times == WARM {
            before = Footprint::now();
        }
    }
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
