//! A program that only prints its version ends when the library has just begun to start.

use std::time::Duration;

use super::ending::Ending;
use crate::check::{Check, How, Needs, Severity, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Rounds, Subject};

/// The check.
pub const CHECK: Check = Check {
    id: "exit-during-boot",
    severity: Severity::Error,
    hazard: "U5",
    title: "the process ends cleanly at any moment of the library's start",
    page: page!("exit-during-boot"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

/// After how many times the process ends, and how far they are apart: at first closely.
const MOMENTS: u32 = 24;
const APART: Duration = Duration::from_micros(50);

fn run(subject: &Subject) -> Verdict {
    for moment in Rounds::of(MOMENTS, MOMENTS) {
        Ending::of("a host that exits while the library starts", 57)
            .exits(subject, || {
                let library = subject.load()?;
                // In every second one somebody waits for the start to end.
                if moment % 2 == 1 && subject.plan.setup.is_none() {
                    let calls = Calls::of(subject, &library, "")?;
                    std::thread::spawn(move || {
                        let _ = calls.quietly();
                    });
                }
                subject.step("waiting for a moment of the library's start");
                std::thread::sleep(APART * moment * moment / 2);
                Ok(())
            })
            .map_err(|stop| stop.noting(&format!("process {} of {MOMENTS}", moment + 1)))?;
    }
    Ok(format!(
        "{MOMENTS} moments, up to {:.1?} after the load",
        APART * (MOMENTS - 1) * (MOMENTS - 1) / 2
    ))
}
