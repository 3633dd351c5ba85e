//! A process that has no more address space: a limit, a container, a small machine.

use std::sync::atomic::Ordering;

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
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

/// In how many steps the memory is made scarce.
const STEPS: u64 = 12;

fn run(subject: &Subject) -> Verdict {
    let needed = growth(subject)?;
    let mut loaded = 0;
    for step in 1..=STEPS {
        let room = needed * step / STEPS;
        let place = subject.slot(1);
        // Relaxed: read after the process has been waited for.
        place.store(0, Ordering::Relaxed);
        let what = format!(
            "a process with {} of {} KiB of address space",
            room >> 10,
            needed >> 10
        );
        fork(&what, || {
            limits::address_space(Some(limits::used() + room));
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
        .verdict()?;
        loaded += place.load(Ordering::Relaxed);
    }
    Ok(format!(
        "with {STEPS} amounts from {} to {} KiB: {loaded} loads worked, {} failed with an error",
        (needed / STEPS) >> 10,
        needed >> 10,
        STEPS - loaded
    ))
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
