//! A process that has no more address space: a limit, a container, a small machine.

use std::sync::atomic::Ordering;

use crate::check::{Check, How, Needs, Outcome, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Library, Subject, fork, limits};

/// The check.
pub const CHECK: Check = Check {
    id: "load-no-memory",
    severity: Severity::Error,
    hazard: "L10",
    title: "the process lives on if there is too little memory for the load",
    page: page!("load-no-memory"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

/// The least that is tried.
const LEAST: u64 = 256 << 10;

fn run(subject: &Subject) -> Verdict {
    let needed = growth(subject)?;
    let mut loaded = 0;
    let mut warning = None;
    let rooms = rooms(needed);
    for room in &rooms {
        let place = subject.slot(1);
        // Relaxed: read after the process has been waited for.
        place.store(0, Ordering::Relaxed);
        let what = format!(
            "a process with {} of {} KiB of address space",
            room >> 10,
            needed >> 10
        );
        let verdict = fork(&what, || {
            limits::address_space(Some(limits::used() + *room));
            subject.step("loading the library with too little memory");
            let opened = Library::open(&subject.plan.library);
            limits::address_space(None);
            if let Ok(library) = opened {
                place.store(1, Ordering::Relaxed);
                subject.set_up(&library)?;
                subject.step("calling, with enough memory again");
                subject.call_all(&library)?;
            }
            Ok(String::new())
        })?
        .verdict();
        match verdict.map_err(by_the_c_library) {
            Err(stop) if stop.outcome == Outcome::Warn => warning = Some(stop),
            verdict => drop(verdict?),
        }
        loaded += place.load(Ordering::Relaxed);
    }
    if let Some(warning) = warning {
        return Err(warning);
    }
    let count = rooms.len() as u64;
    Ok(format!(
        "with {count} amounts from {} to {} KiB: {loaded} loads worked, {} failed with an error",
        LEAST >> 10,
        needed >> 10,
        count - loaded
    ))
}

/// glibc itself ends the process, with exit code 127, if a thread-local is touched for the first time and there is no
/// room for it. A library can look before; few do.
fn by_the_c_library(stop: Stop) -> Stop {
    match stop.evidence.contains("ended with exit code 127") {
        true => Stop::warn(format!(
            "{}: glibc had no memory for a thread-local",
            stop.evidence
        )),
        false => stop,
    }
}

/// Steps of an eighth of what is needed, and below the first of them halves of it.
fn rooms(needed: u64) -> Vec<u64> {
    let eighth = needed / 8;
    let halves = std::iter::successors(Some(eighth / 2), |room| Some(room / 2));
    let mut rooms: Vec<u64> = halves.take_while(|room| *room > LEAST).collect();
    rooms.push(LEAST);
    rooms.extend((1..=8).map(|step| eighth * step));
    rooms.sort_unstable();
    rooms
}

/// How much address space the load takes when there is enough.
fn growth(subject: &Subject) -> Result<u64, Stop> {
    let place = subject.slot(0);
    fork("a process with enough memory", || {
        let before = limits::used();
        let library = subject.ready()?;
        subject.call_all(&library)?;
        subject.settle();
        // Relaxed: read after the process has been waited for.
        place.store(limits::used().saturating_sub(before), Ordering::Relaxed);
        Ok(String::new())
    })?
    .verdict()?;
    Ok(place.load(Ordering::Relaxed).clamp(1 << 20, 1 << 36))
}
