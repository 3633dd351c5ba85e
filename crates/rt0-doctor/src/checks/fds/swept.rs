//! A host that closes all descriptors after the library has started: daemons and job runners do.

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Subject, descriptors};

/// The check.
pub const CHECK: Check = Check {
    id: "fds-swept",
    severity: Severity::Error,
    hazard: "F8",
    title: "calls are answered after the host has closed all descriptors",
    page: page!("fds-swept"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    let library = subject.ready()?;
    subject.call_all(&library)?;
    subject.settle();
    let count = descriptors().len();
    subject.step("closing all descriptors");
    // SAFETY: nothing of the doctor's in this process needs one.
    unsafe { libc::syscall(libc::SYS_close_range, 0u32, u32::MAX, 0u32) };
    let again = subject.call_all(&library);
    let said = match again {
        Ok(()) => "answered at once",
        // A named error once, from a library that then starts again.
        Err(stop) if is_named(subject, &stop) => "a named error, then answered",
        Err(stop) => return Err(after(stop)),
    };
    let said = match (subject.call_all(&library), &subject.plan.shutdown) {
        (Ok(()), _) => said,
        // It says that a shutdown is needed first.
        (Err(stop), Some(shutdown)) if is_named(subject, &stop) => {
            subject.call(&library, shutdown).map_err(after)?;
            subject.call_all(&library).map_err(after)?;
            "a named error, and answered after the shutdown for which it asks"
        }
        (Err(stop), _) => return Err(after(stop)),
    };
    Ok(format!("{count} descriptors closed: {said}"))
}

/// The error by which a library that was built with rt0 says that it has lost its runtime, and what to do.
fn is_named(subject: &Subject, stop: &Stop) -> bool {
    subject.plan.described && stop.evidence.contains("RUNTIME_LOST")
}

fn after(stop: Stop) -> Stop {
    Stop {
        evidence: format!("after all descriptors were closed, {}", stop.evidence),
        ..stop
    }
}
