//! A daemon forks twice and closes every descriptor that it finds, those of its libraries among them.

use std::sync::atomic::Ordering;

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Calls, Library, Subject, exit_now, fork_by};

/// The check.
pub const CHECK: Check = Check {
    id: "fork-daemon",
    severity: Severity::Error,
    hazard: "F4",
    title: "a daemon that closes every descriptor is answered",
    page: page!("fork-daemon"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    // SAFETY: the option takes a number. A daemon whose parent ends becomes this process's child.
    unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) };
    let library = subject.ready()?;
    let swept = "in a daemon that has closed all descriptors";
    daemon(subject, "a daemon that was never called before", || {
        let calls = Calls::of(subject, &library, swept)?;
        close_all();
        calls.answered(subject)
    })?;
    daemon(
        subject,
        "a daemon that closes descriptors after a call",
        || {
            Calls::of(subject, &library, "in a daemon")?.answered(subject)?;
            let calls = Calls::of(subject, &library, swept)?;
            close_all();
            // What it has lost it need not have again, but it must say so.
            calls.returned(subject);
            Ok(())
        },
    )?;
    after_a_call(subject, &library)?;
    Ok("descriptors were closed before, between and after the first calls".to_owned())
}

fn after_a_call(subject: &Subject, library: &Library) -> Result<(), Stop> {
    subject.call_all(library)?;
    let place = "in a daemon whose parent has called";
    daemon(subject, "a daemon whose parent has called", || {
        let calls = Calls::of(subject, library, place)?;
        close_all();
        calls.answered(subject)
    })?;
    Calls::of(subject, library, "in the daemon's parent")?.answered(subject)
}

fn daemon(
    subject: &Subject,
    what: &str,
    run: impl FnOnce() -> Result<(), Stop>,
) -> Result<(), Stop> {
    subject.step("forking twice, for a daemon");
    let run = || run().map(|()| String::new());
    // SAFETY: it returns as fork(2) does; as for `fork`.
    unsafe { fork_by(|| fork_twice(subject), what, run) }?
        .verdict()
        .map(drop)
}

/// As daemon(3): forks, leads a session, forks again. Gives 0 in the daemon, and its number in the subject.
fn fork_twice(subject: &Subject) -> i32 {
    let number = subject.slot(0);
    // SAFETY: as for `fork`; waitpid(2) needs no place for the status.
    unsafe {
        let first = libc::fork();
        if first == 0 {
            libc::setsid();
            let second = libc::fork();
            if second == 0 {
                return 0;
            }
            // Release: pairs with the acquire below.
            number.store(second.max(0) as u64, Ordering::Release);
            exit_now(0)
        }
        libc::waitpid(first, std::ptr::null_mut(), 0);
    }
    // Acquire: pairs with the release above.
    match number.swap(0, Ordering::Acquire) {
        0 => -1,
        number => number as i32,
    }
}

/// Closes every descriptor, and opens the first three anew, on nothing.
fn close_all() {
    // SAFETY: this process uses none of them any more; whatever the library does with its own is being checked.
    unsafe {
        libc::syscall(libc::SYS_close_range, 0, u32::MAX, 0);
        for _ in 0..3 {
            libc::open(c"/dev/null".as_ptr(), libc::O_RDWR);
        }
    }
}
