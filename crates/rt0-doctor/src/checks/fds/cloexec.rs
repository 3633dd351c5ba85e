//! A descriptor that programs inherit which the host starts: a lock or a socket stays open in them.

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Subject, descriptors};

/// The check.
pub const CHECK: Check = Check {
    id: "fds-cloexec",
    severity: Severity::Error,
    hazard: "G10",
    title: "every descriptor of the library's is closed when the host starts a program",
    page: page!("fds-cloexec"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    let before = descriptors();
    let library = subject.ready()?;
    subject.call_all(&library)?;
    subject.settle();
    let new: Vec<i32> = descriptors()
        .into_iter()
        .filter(|number| !before.contains(number))
        .collect();
    let open: Vec<String> = new
        .iter()
        .filter(|number| !is_cloexec(**number))
        .map(|number| shown(*number))
        .collect();
    match open.is_empty() {
        true => Ok(format!("it has opened {}", new.len())),
        false => Err(Stop::fail(format!(
            "{} of {} stay open: {}",
            open.len(),
            new.len(),
            open.join(", ")
        ))),
    }
}

fn is_cloexec(descriptor: i32) -> bool {
    // SAFETY: F_GETFD only asks.
    unsafe { libc::fcntl(descriptor, libc::F_GETFD) & libc::FD_CLOEXEC != 0 }
}

fn shown(descriptor: i32) -> String {
    let target = std::fs::read_link(format!("/proc/self/fd/{descriptor}")).unwrap_or_default();
    format!("{descriptor} ({})", target.display())
}
