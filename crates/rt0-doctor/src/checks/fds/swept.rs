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
        Err(stop) if subject.plan.described && stop.evidence.contains("RUNTIME_LOST") => {
            "a named error, then answered"
        }
        Err(stop) => return Err(after(stop)),
    };
    subject.call_all(&library).map_err(after)?;
    Ok(format!("{count} descriptors closed: {said}"))
}

fn after(stop: Stop) -> Stop {
    Stop {
        evidence: format!("after all descriptors were closed, {}", stop.evidence),
        ..stop
    }
}
