//! `_Fork` runs no handlers of `pthread_atfork`: who relies on them believes that the parent's threads are there.

use super::without_handlers;
use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::Subject;

/// The check.
pub const CHECK: Check = Check {
    id: "fork-_Fork",
    severity: Severity::Warning,
    hazard: "F3",
    title: "a call in a child of `_Fork` returns",
    page: page!("fork-_Fork"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    type BareFork = unsafe extern "C" fn() -> libc::pid_t;
    // SAFETY: the name is a C string.
    let found = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"_Fork".as_ptr()) };
    if found.is_null() {
        return Err(Stop::skip("this C library has no `_Fork`"));
    }
    // SAFETY: POSIX gives the function this type.
    let bare_fork = unsafe { std::mem::transmute::<*mut libc::c_void, BareFork>(found) };
    // SAFETY: it has no preconditions.
    without_handlers::check(subject, "_Fork", || unsafe { bare_fork() })
}
