//! The host's C++ objects are destroyed in `exit`: a callback that comes later finds them gone.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::ending::Ending;
use crate::calls::Kind;
use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Subject, give, on_callback, tid, wait_until};

/// The check.
pub const CHECK: Check = Check {
    id: "exit-statics",
    severity: Severity::Error,
    hazard: "U5",
    title: "no thread of the library's calls back once the host's own objects are gone",
    page: page!("exit-statics"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

/// Whether the host's objects are gone.
static GONE: AtomicBool = AtomicBool::new(false);

/// How many callbacks have come on the library's threads: before that, and after.
static COUNTS: OnceLock<[&AtomicU64; 2]> = OnceLock::new();

/// How long a callback may take to come that must not come.
const WATCH: Duration = Duration::from_millis(60);

/// How long it may take to come at all.
const PATIENCE: Duration = Duration::from_millis(500);

fn visit() {
    let is_hosts = tid() as u32 == std::process::id();
    if let (false, Some([before, after])) = (is_hosts, COUNTS.get()) {
        // Acquire: pairs with the release in `destroy`. Relaxed: a number that is read when this process has ended, or
        // that only has to become more than zero.
        match GONE.load(Ordering::Acquire) {
            true => after.fetch_add(1, Ordering::Relaxed),
            false => before.fetch_add(1, Ordering::Relaxed),
        };
    }
}

/// The destructor of an object that the host has made before it loaded the library.
extern "C" fn destroy() {
    // Release: pairs with the acquire in `visit`.
    GONE.store(true, Ordering::Release);
    give(WATCH);
}

fn run(subject: &Subject) -> Verdict {
    if !subject
        .plan
        .calls
        .iter()
        .any(|call| call.kind == Kind::CallsBack)
    {
        return Err(Stop::skip("no call calls back: give one with `callback`"));
    }
    let counts = [subject.slot(0), subject.slot(1)];
    let _ = COUNTS.set(counts);
    Ending::of("a host with objects that are used in callbacks", 57).exits(subject, || {
        // SAFETY: the handler stays; its code is the doctor's own.
        unsafe { libc::atexit(destroy) };
        on_callback(visit);
        let library = subject.ready()?;
        subject.call_all(&library)?;
        subject.step("waiting for a callback on a thread of the library's");
        // Relaxed: as above.
        wait_until(PATIENCE, || counts[0].load(Ordering::Relaxed) != 0);
        Ok(())
    })?;
    // Relaxed: the process that counted has ended.
    let [before, after] = counts.map(|count| count.load(Ordering::Relaxed));
    match (before, after) {
        (0, 0) => Err(Stop::skip(
            "no thread that the library has made has called back: give a call with `callback`",
        )),
        (_, 0) => Ok(format!(
            "{before} callbacks before the host's objects were gone, none after"
        )),
        _ => Err(Stop::fail(format!(
            "{after} callbacks came on the library's threads after an object was destroyed that the host had made before \
             it loaded the library"
        ))),
    }
}
