//! A host forks on one thread while another is loading the library: the child may have half of everything.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Rounds, Subject, fork};

/// The check.
pub const CHECK: Check = Check {
    id: "fork-during-load",
    severity: Severity::Error,
    hazard: "F2",
    title: "a fork at any moment of the load does no harm to parent or child",
    page: page!("fork-during-load"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

/// At how many moments the fork comes, at least and if that is quick, and how far they are apart.
const LEAST: u32 = 20;
const MOMENTS: u32 = 40;

/// The next moment is so far from the last: those that there is time for are spread over all.
const STRIDE: u32 = 11;
const APART: Duration = Duration::from_micros(250);

fn run(subject: &Subject) -> Verdict {
    let mut rounds = Rounds::of(LEAST, MOMENTS);
    for round in &mut rounds {
        let moment = round * STRIDE % MOMENTS;
        subject.step("forking, before the load");
        let host = fork("a host that forks during the load", || {
            at(subject, moment)?;
            Ok(String::new())
        })?;
        host.verdict()?;
    }
    Ok(format!(
        "{} forks, up to {:?} after the load had begun",
        rounds.done,
        APART * MOMENTS
    ))
}

/// Loads on another thread, and forks some time after it has begun.
fn at(subject: &Subject, moment: u32) -> Result<(), Stop> {
    let begun = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let loading = scope.spawn(|| {
            // Release: pairs with the acquire below.
            begun.store(true, Ordering::Release);
            subject.ready()
        });
        // Acquire: pairs with the release above.
        while !begun.load(Ordering::Acquire) {
            std::thread::yield_now();
        }
        std::thread::sleep(APART * moment);
        // A child may call only what its parent has loaded: the loader is not to be trusted in a child that was
        // forked in the middle of its work, whatever the library does.
        let loaded = loading.is_finished();
        if !loaded {
            subject.step("forking while the library is being loaded");
            fork("the child of a fork during the load", || Ok(String::new()))?.verdict()?;
        }
        let library = loading
            .join()
            .map_err(|_| Stop::could_not("the thread that loads has panicked"))??;
        let calls = Calls::of(
            subject,
            &library,
            "in the child of a fork just after the load",
        )?;
        if loaded {
            subject.step("forking just after the load");
            let child = fork("the child of a fork just after the load", || {
                calls.answered(subject)?;
                Ok(String::new())
            })?;
            child.verdict()?;
        }
        Calls::of(
            subject,
            &library,
            "in the parent, after a fork during the load",
        )?
        .answered(subject)
    })
}
