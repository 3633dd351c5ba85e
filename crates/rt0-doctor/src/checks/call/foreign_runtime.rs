//! Who calls may be a callback on the thread of an async runtime: of another library's, or of this very library's.

use super::held::{self, Held};
use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Library, Subject};

/// The check.
pub const CHECK: Check = Check {
    id: "call-foreign-runtime",
    severity: Severity::Error,
    hazard: "G8",
    title: "a call from inside a callback, of its own runtime or of another library's, returns",
    page: page!("call-foreign-runtime"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    let library = subject.ready()?;
    let own = Calls::of(subject, &library, "")?;
    let Some(held) = Held::next(subject, &library)? else {
        return Err(held::nobody());
    };
    subject.step("calling inside a callback on the library's own thread");
    // There a call may be refused: to wait for itself is more than can be asked.
    held.run(move || {
        let _ = own.quietly();
        Ok(())
    })?;
    held.release();
    subject.step("loading a copy of the library");
    let copy = Library::open_copy(&subject.plan.library, 1)
        .map_err(|stop| Stop::could_not(stop.evidence))?;
    subject.set_up(&copy)?;
    let others = Calls::of(subject, &copy, "")?;
    let Some(held) = Held::next(subject, &library)? else {
        return Err(Stop::could_not(
            "the library has not called back a second time",
        ));
    };
    subject.step("calling inside a callback on the thread of another library");
    held.run(move || others.quietly())
        .map_err(|stop| stop.during("inside a callback on the thread of another library"))?;
    held.release();
    Ok("calls inside callbacks returned, on its own threads and on those of a copy".to_owned())
}
