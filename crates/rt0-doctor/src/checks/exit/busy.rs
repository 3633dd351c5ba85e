//! The main thread returns from main while other threads of the host are still at work in the library.

use std::time::Duration;

use super::ending::Ending;
use crate::check::{Check, How, Needs, Severity, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Rounds, Subject};

/// The check.
pub const CHECK: Check = Check {
    id: "exit-busy",
    severity: Severity::Error,
    hazard: "U5",
    title: "the process ends cleanly while other threads are inside calls",
    page: page!("exit-busy"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

/// How many processes end so: at least, and if they are quick.
const LEAST: u32 = 10;
const TIMES: u32 = 25;

/// How many of their threads call.
const CALLERS: u32 = 3;

fn run(subject: &Subject) -> Verdict {
    let mut rounds = Rounds::of(LEAST, TIMES);
    for time in &mut rounds {
        Ending::of("a host that exits during calls", 57)
            .exits(subject, || {
                let library = subject.ready()?;
                subject.call_all(&library)?;
                for _ in 0..CALLERS {
                    let calls = Calls::of(subject, &library, "")?;
                    // It goes on until the process has ended. What it is answered meanwhile does not matter.
                    std::thread::spawn(move || {
                        loop {
                            let _ = calls.quietly();
                        }
                    });
                }
                subject.step("letting other threads call");
                std::thread::sleep(Duration::from_micros(u64::from(500 + time * 317 % 3000)));
                Ok(())
            })
            .map_err(|stop| stop.noting(&format!("process {} of {TIMES}", time + 1)))?;
    }
    Ok(format!(
        "{} processes ended cleanly while {CALLERS} threads were calling",
        rounds.done
    ))
}
