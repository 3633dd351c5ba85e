//! A process that has used up its thread-specific keys: PHP's and Python's extensions take them.

use crate::check::{Check, How, Needs, Severity, Verdict};
use crate::pages::page;
use crate::subject::{Library, Subject};

/// The check.
pub const CHECK: Check = Check {
    id: "load-no-keys",
    severity: Severity::Warning,
    hazard: "L10",
    title: "the process lives on if there is no thread-specific key left",
    page: page!("load-no-keys"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    subject.step("taking all keys");
    let mut taken = 0;
    let mut key = 0;
    // SAFETY: pthread_key_create(3) writes the key, which is never used.
    while unsafe { libc::pthread_key_create(&raw mut key, None) } == 0 {
        taken += 1;
    }
    subject.step("loading the library with no key left");
    let opened = Library::open(&subject.plan.library);
    let Ok(library) = opened else {
        return Ok(format!(
            "with {taken} keys taken the load fails with an error, and the process lives"
        ));
    };
    for call in subject.plan.setup.iter().chain(&subject.plan.calls) {
        let prepared = library.prepare(call)?;
        subject.step(&format!("calling {} with no key left", call.label()));
        // Whatever it answers: an error is what the caller should get.
        prepared.invoke();
    }
    subject.settle();
    Ok(format!(
        "with {taken} keys taken it is loaded, and the process lives"
    ))
}
