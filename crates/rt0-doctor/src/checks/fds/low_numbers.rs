//! A descriptor of the library's that gets the number 1: whatever the host prints goes there.

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Subject, descriptors};

/// The check.
pub const CHECK: Check = Check {
    id: "fds-low-numbers",
    severity: Severity::Error,
    hazard: "G9",
    title: "no descriptor of the library's gets the number 0, 1 or 2",
    page: page!("fds-low-numbers"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    subject.step("closing 0, 1 and 2, as some hosts have it");
    for number in 0..3 {
        // SAFETY: nothing in this process uses them.
        unsafe { libc::close(number) };
    }
    let library = subject.ready()?;
    subject.call_all(&library)?;
    subject.settle();
    let open = descriptors();
    let low: Vec<_> = open
        .iter()
        .filter(|number| **number < 3)
        .map(i32::to_string)
        .collect();
    match low.is_empty() {
        true => Ok(format!("of its {} descriptors, none has", open.len())),
        false => Err(Stop::fail(format!(
            "in a host that has closed them, the library has opened {}: what the host prints goes there",
            low.join(", ")
        ))),
    }
}
