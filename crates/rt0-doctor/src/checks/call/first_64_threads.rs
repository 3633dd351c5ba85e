//! A server's threads all begin at once: 64 first calls at the same moment, of which none comes first.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Rounds, Subject, fork};

/// The check.
pub const CHECK: Check = Check {
    id: "call-first-64-threads",
    severity: Severity::Error,
    hazard: "W1",
    title: "64 threads that make the first calls at the same moment are all answered",
    page: page!("call-first-64-threads"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

const THREADS: usize = 64;

/// How many processes have their first calls so: at least, and if they are quick.
const LEAST: u32 = 20;
const PROCESSES: u32 = 40;

fn run(subject: &Subject) -> Verdict {
    let mut rounds = Rounds::of(LEAST, PROCESSES);
    for process in &mut rounds {
        subject.step("forking, before the load");
        let host = fork("a host with 64 threads", || {
            at_once(subject)?;
            Ok(String::new())
        })?;
        host.verdict()
            .map_err(|stop| stop.noting(&format!("process {} of {PROCESSES}", process + 1)))?;
    }
    Ok(format!(
        "{THREADS} threads, in each of {} processes",
        rounds.done
    ))
}

fn at_once(subject: &Subject) -> Result<(), Stop> {
    let library = subject.load()?;
    let here = AtomicUsize::new(0);
    // Each thread has arguments of its own: the library may write into them.
    let calls: Vec<Calls> = (0..THREADS)
        .map(|_| Calls::of(subject, &library, "on one of 64 threads"))
        .collect::<Result<_, _>>()?;
    // Nobody else can make the setup call, and it comes first.
    subject.set_up(&library)?;
    subject.step("making the first calls on 64 threads");
    std::thread::scope(|scope| {
        let threads: Vec<_> = calls
            .iter()
            .map(|calls| {
                scope.spawn(|| {
                    // Relaxed: only the number counts. Nobody sleeps here: those that are on a processor when the last
                    // comes call in the same microsecond.
                    here.fetch_add(1, Ordering::Relaxed);
                    let mut looks = 0u32;
                    while here.load(Ordering::Relaxed) < THREADS {
                        looks += 1;
                        match looks % 512 {
                            0 => std::thread::yield_now(),
                            _ => std::hint::spin_loop(),
                        }
                    }
                    calls.quietly()
                })
            })
            .collect();
        threads.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err(Stop::could_not("a calling thread has panicked")))
        })
    })
}
