//! A master that has called forks several workers, which live side by side: what they have inherited they share.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Child, Library, Subject, fork};

/// The check.
pub const CHECK: Check = Check {
    id: "fork-pool",
    severity: Severity::Error,
    hazard: "F1",
    title: "the workers of a pool are answered at the same time, and after one was replaced",
    page: page!("fork-pool"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

/// How many workers there are, and how often each makes every call.
const WORKERS: usize = 4;
const ROUNDS: usize = 25;

fn run(subject: &Subject) -> Verdict {
    let library = subject.ready()?;
    subject.call_all(&library)?;
    let started = subject.slot(0);
    let workers: Vec<Child> = (0..WORKERS)
        .map(|_| worker(subject, &library, started))
        .collect::<Result<_, _>>()?;
    for worker in &workers {
        worker.verdict()?;
    }
    Calls::of(subject, &library, "in the master")?.answered(subject)?;
    // Release: the next worker waits for nobody.
    started.store(WORKERS as u64, Ordering::Release);
    worker(subject, &library, started)?.verdict()?;
    Ok(format!(
        "{WORKERS} workers and one that came later, {ROUNDS} rounds of calls each"
    ))
}

/// Forks a worker, which begins when all are there.
fn worker(subject: &Subject, library: &Library, started: &AtomicU64) -> Result<Child, Stop> {
    let calls = Calls::of(subject, library, "in a pool's worker")?;
    subject.step("forking a pool's workers");
    fork("a pool's worker", || {
        // Relaxed: only the number counts.
        started.fetch_add(1, Ordering::Relaxed);
        while started.load(Ordering::Relaxed) < WORKERS as u64 {
            std::thread::yield_now();
        }
        (0..ROUNDS).try_for_each(|_| calls.answered(subject))?;
        Ok(String::new())
    })
}
