//! A call that comes while a thread is inside dlopen: whoever needs the loader for the answer waits for ever.

use std::sync::OnceLock;
use std::sync::atomic::AtomicU32;

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::plan::Plan;
use crate::subject::{Library, Made, Subject, fork, futex};

/// The check.
pub const CHECK: Check = Check {
    id: "load-loader-lock",
    severity: Severity::Error,
    hazard: "W2",
    title: "a call is answered while the loader is locked",
    page: page!("load-loader-lock"),
    needs: Needs::Call,
    runs: 3,
    how: How::Dynamic(run),
};

static PLAN: OnceLock<Plan> = OnceLock::new();
static ANSWER: OnceLock<Result<(), Stop>> = OnceLock::new();
static ENTERED: AtomicU32 = AtomicU32::new(0);
static ANSWERED: AtomicU32 = AtomicU32::new(0);

fn run(subject: &Subject) -> Verdict {
    let _ = PLAN.set(subject.plan.clone());
    fork("a process that calls from a constructor", || {
        in_a_constructor(subject)
    })?
    .verdict()?;
    fork("a process with a slow dlopen", || beside_a_dlopen(subject))?.verdict()?;
    Ok(
        "from another library's constructor in the same dlopen, and beside another thread's dlopen"
            .to_owned(),
    )
}

/// The library is loaded because another needs it, and the other's constructor calls.
fn in_a_constructor(subject: &Subject) -> Verdict {
    let made = Made::new(Some(&subject.plan.library), Some(call_now))?;
    subject.step("calling from another library's constructor, in the dlopen that loads both");
    Library::open(&made.path())
        .map_err(|why| Stop::could_not(format!("the library can't be loaded: {why}")))?;
    ANSWER
        .get()
        .cloned()
        .unwrap_or_else(|| Err(Stop::could_not("the constructor did not run")))?;
    Ok(String::new())
}

extern "C" fn call_now() {
    let answer = PLAN
        .get()
        .ok_or_else(|| Stop::could_not("no plan"))
        .and_then(|plan| {
            let library = Library::open(&plan.library).map_err(Stop::could_not)?;
            let mut all = plan.setup.iter().chain(&plan.calls);
            all.try_for_each(|call| judge(plan, library.prepare(call)?.check()))
        });
    let _ = ANSWER.set(answer);
}

/// A library that was built with rt0 may say that it can't answer now: it is a named error, and no deadlock.
fn judge(plan: &Plan, answer: Result<(), Stop>) -> Result<(), Stop> {
    match answer {
        Err(stop) if plan.described && stop.evidence.contains("WOULD_DEADLOCK") => Ok(()),
        answer => answer,
    }
}

/// The library is loaded and set up. Then another thread sits in the constructor of another library until the first
/// call is answered.
fn beside_a_dlopen(subject: &Subject) -> Verdict {
    let library = subject.ready()?;
    let calls = subject.prepare_all(&library)?;
    let made = Made::new(None, Some(wait_for_the_answer))?;
    let path = made.path();
    let loader = std::thread::spawn(move || Library::open(&path).map(|_| ()));
    futex::wait_until(&ENTERED, 1);
    subject.step("calling while another thread sits in a dlopen");
    let mut calls = calls.iter();
    let answer = calls.try_for_each(|call| judge(&subject.plan, call.check()));
    futex::set(&ANSWERED, 1);
    let _ = loader.join();
    answer?;
    Ok(String::new())
}

extern "C" fn wait_for_the_answer() {
    futex::set(&ENTERED, 1);
    futex::wait_until(&ANSWERED, 1);
}
