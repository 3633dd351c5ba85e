//! A fork copies the library as it is at that moment: in the middle of the calls of other threads, with locked locks.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Rounds, Subject, fork};

/// The check.
pub const CHECK: Check = Check {
    id: "fork-busy",
    severity: Severity::Error,
    hazard: "F2",
    title: "a child that was forked while other threads were inside calls is answered",
    page: page!("fork-busy"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

/// How many forks there are: at least, and if they are quick.
const LEAST: u32 = 15;
const MOST: u32 = 100;

/// How many threads call.
const CALLERS: u32 = 3;

fn run(subject: &Subject) -> Verdict {
    let library = subject.ready()?;
    subject.call_all(&library)?;
    let calls = Calls::of(subject, &library, "in the child of a fork during calls")?;
    let over = AtomicBool::new(false);
    let mut rounds = Rounds::of(LEAST, MOST);
    std::thread::scope(|scope| {
        let mut callers = Vec::new();
        for _ in 0..CALLERS {
            let own = Calls::of(subject, &library, "in the parent")?;
            let over = &over;
            callers.push(scope.spawn(move || {
                // Relaxed: nothing else depends on it.
                while !over.load(Ordering::Relaxed) {
                    own.quietly()?;
                }
                Ok(())
            }));
        }
        let children = (|| {
            for round in &mut rounds {
                // Not always at the same point of a call.
                std::thread::sleep(Duration::from_micros(u64::from(round * 37 % 500)));
                subject.step("forking while other threads are inside calls");
                let child = fork("the child of a fork during calls", || {
                    calls.answered(subject)?;
                    Ok(String::new())
                })?;
                child
                    .verdict()
                    .map_err(|stop| stop.noting(&format!("fork {}", round + 1)))?;
            }
            Ok(())
        })();
        over.store(true, Ordering::Relaxed);
        subject.step("waiting for the calls of the parent's threads to end");
        let answers = callers.into_iter().map(|caller| {
            caller
                .join()
                .unwrap_or_else(|_| Err(Stop::could_not("a calling thread has panicked")))
        });
        let answered: Result<(), Stop> = answers.collect();
        children.and(answered.map_err(|stop| stop.during("in the parent, during forks")))
    })?;
    Calls::of(subject, &library, "in the parent, after the forks")?.answered(subject)?;
    Ok(format!(
        "{} forks while {CALLERS} threads were calling",
        rounds.done
    ))
}
