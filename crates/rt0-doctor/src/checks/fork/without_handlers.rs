//! Children for which no fork handler has run.

use crate::check::Verdict;
use crate::subject::{Calls, Subject, fork_by};

/// Calls in such a child. Its memory may be as another thread has left it, so a call may be refused; but it returns.
///
/// # Errors
/// It does not return, or ends the process.
pub fn check(subject: &Subject, name: &str, how: impl FnOnce() -> i32) -> Verdict {
    let library = subject.ready()?;
    subject.call_all(&library)?;
    let place = format!("in the child of {name}");
    let calls = Calls::of(subject, &library, &place)?;
    subject.step("making a child without fork handlers");
    let run = || {
        calls.returned(subject);
        subject.step("saying what was answered");
        Ok(match calls.quietly() {
            Ok(()) => "its calls are answered".to_owned(),
            Err(stop) => format!("its calls are refused: {}", stop.evidence),
        })
    };
    // SAFETY: both ways return as fork(2) does. glibc's allocator may be locked for ever by a thread of the library's:
    // then the library's calls hang for the same reason as the rest of `run`.
    let child = unsafe { fork_by(how, &format!("the child of {name}"), run) }?;
    let answer = child.verdict()?;
    Calls::of(subject, &library, &format!("in the parent, after {name}"))?
        .answered(subject)
        .map_err(|stop| stop.during(&format!("in the parent, after {name}")))?;
    Ok(answer)
}
