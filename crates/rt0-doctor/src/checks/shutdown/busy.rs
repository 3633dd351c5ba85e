//! The host shuts the library down on one thread while others are still at work in it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Rounds, Subject, fork};

/// The check.
pub const CHECK: Check = Check {
    id: "shutdown-busy",
    severity: Severity::Error,
    hazard: "U7",
    title: "a shutdown while other threads are inside calls does no harm",
    page: page!("shutdown-busy"),
    needs: Needs::Shutdown,
    runs: 1,
    how: How::Dynamic(run),
};

/// In how many processes that happens: at least, and if they are quick.
const LEAST: u32 = 10;
const TIMES: u32 = 25;

/// How many threads call.
const CALLERS: u32 = 3;

fn run(subject: &Subject) -> Verdict {
    let mut rounds = Rounds::of(LEAST, TIMES);
    for time in &mut rounds {
        subject.step("forking, before the load");
        let host = fork("a host that shuts down during calls", || {
            during_calls(
                subject,
                Duration::from_micros(u64::from(300 + time * 317 % 3000)),
            )?;
            Ok(String::new())
        })?;
        host.verdict()
            .map_err(|stop| stop.noting(&format!("process {} of {TIMES}", time + 1)))?;
    }
    Ok(format!(
        "{} shutdowns while {CALLERS} threads were calling",
        rounds.done
    ))
}

fn during_calls(subject: &Subject, after: Duration) -> Result<(), Stop> {
    let library = subject.ready()?;
    subject.call_all(&library)?;
    let shutdown = library.prepare(subject.shutdown()?)?;
    let calls: Vec<Calls> = (0..CALLERS)
        .map(|_| Calls::of(subject, &library, ""))
        .collect::<Result<_, _>>()?;
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for calls in &calls {
            scope.spawn(|| {
                // Relaxed: nothing else depends on it. A call may be refused from some moment on.
                while !over.load(Ordering::Relaxed) {
                    let _ = calls.quietly();
                }
            });
        }
        subject.step("letting other threads call");
        std::thread::sleep(after);
        subject.step("shutting down while other threads are inside calls");
        // It may refuse, and say so.
        shutdown.invoke();
        std::thread::sleep(Duration::from_millis(2));
        over.store(true, Ordering::Relaxed);
        subject.step("waiting for the calls of other threads to end");
    });
    Ok(())
}
