//! Not in the list: asked before all checks that load the library, so that what the loader refuses is said once.

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::subject::{Library, Subject};

/// It passes, or it is skipped with what the loader says. If the library crashes, the checks will find that.
pub const CHECK: Check = Check {
    id: "loadable",
    severity: Severity::Error,
    hazard: "",
    title: "the loader takes it",
    page: "",
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    subject.step("loading the library");
    let loaded = Library::open(&subject.plan.library);
    loaded.map(|_| "it does".to_owned()).map_err(Stop::skip)
}
