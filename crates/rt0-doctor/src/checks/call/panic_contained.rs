//! A panic, or an exception, that reaches the function's end ends the process: the host's, with all of its work.

use std::fs::File;
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::fs::FileExt;

use super::variants::variants;
use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Library, Status, Subject, fork};

/// The check.
pub const CHECK: Check = Check {
    id: "call-panic-contained",
    severity: Severity::Error,
    hazard: "G6",
    title: "no argument makes a panic or an exception end the process",
    page: page!("call-panic-contained"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

/// What runtimes say when they end a process for want of anybody who would catch something.
const LAST_WORDS: [&str; 6] = [
    "panicked at",
    "panic in a function that cannot unwind",
    "fatal runtime error",
    "terminate called",
    "exception not rethrown",
    "panic: ",
];

fn run(subject: &Subject) -> Verdict {
    let mut tried = 0;
    // What is named as C++ names it may throw: its callers are C++'s as well.
    let calls = || {
        let all = subject.plan.calls.iter();
        all.filter(|call| !call.symbol.starts_with("_Z"))
    };
    for call in calls() {
        for variant in std::iter::once(call.clone()).chain(variants(call, subject.plan.described)) {
            tried += 1;
            subject.step("forking, before the load");
            let (words, kept) = printing()?;
            let host = fork("a host that passes whatever it has", || {
                // SAFETY: nothing in this process writes to these streams but the library.
                unsafe {
                    libc::dup2(words.as_raw_fd(), 1);
                    libc::dup2(words.as_raw_fd(), 2);
                }
                let library: Library = subject.ready()?;
                let prepared = library.prepare(&variant)?;
                subject.step(&format!("calling {variant}"));
                if variant != *call {
                    be_modest();
                }
                prepared.invoke();
                Ok(String::new())
            })?;
            let status = host.end()?;
            let printed = text_of(&kept);
            let word = LAST_WORDS.iter().find(|word| printed.contains(**word));
            match (status, word) {
                // Other ends are earned by what was passed: a number that C's code takes for an index, or a time.
                (Status::Signal(libc::SIGABRT) | Status::Exit(2 | 101 | 134), Some(_)) => {
                    return Err(Stop::fail(format!("{variant}: the process {status}"))
                        .with(format!("it printed:\n{}", printed.trim_end())));
                }
                (status, _) if variant == *call && status != Status::Exit(0) => {
                    return Err(Stop::fail(format!("{variant}: the process {status}")));
                }
                _ => {}
            }
        }
    }
    match tried > calls().count() {
        true => Ok(format!(
            "{tried} calls, with unusual arguments, ended no process"
        )),
        false => Err(Stop::skip(
            "no call has an argument that can be varied: give one with a number or a text",
        )),
    }
}

/// From now on this process may neither take long nor have much memory: a number may have been a time or a size.
fn be_modest() {
    const MEMORY: libc::rlim_t = 2 << 30;
    const SECONDS: u32 = 2;
    let most = libc::rlimit {
        rlim_cur: MEMORY,
        rlim_max: MEMORY,
    };
    // SAFETY: the structure is only read; the signal's default action ends the process.
    unsafe {
        libc::setrlimit(libc::RLIMIT_DATA, &raw const most);
        libc::alarm(SECONDS);
    }
}

/// Memory for what is printed, twice.
fn printing() -> Result<(File, File), Stop> {
    // SAFETY: the name is a C string; the descriptor is new, and nobody else has it.
    let file = unsafe {
        let descriptor = libc::memfd_create(c"printed".as_ptr(), libc::MFD_CLOEXEC);
        (descriptor >= 0).then(|| File::from_raw_fd(descriptor))
    };
    let file = file.ok_or_else(|| Stop::could_not("there is no memory for what is printed"))?;
    let other = file
        .try_clone()
        .map_err(|e| Stop::could_not(e.to_string()))?;
    Ok((file, other))
}

fn text_of(file: &File) -> String {
    let mut bytes = vec![0; 4096];
    let count = file.read_at(&mut bytes, 0).unwrap_or(0);
    String::from_utf8_lossy(&bytes[..count]).into_owned()
}
