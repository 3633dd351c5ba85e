//! A host that reads its signals on one thread blocks them on all others: those of its libraries it cannot reach.

use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Rounds, Subject, give, signal_name, threads, tid};

/// The check.
pub const CHECK: Check = Check {
    id: "call-signal-landing",
    severity: Severity::Error,
    hazard: "G1",
    title: "the host's signals reach the host's own threads",
    page: page!("call-signal-landing"),
    needs: Needs::Call,
    runs: 2,
    how: How::Dynamic(run),
};

/// The thread on which a handler has run.
static LANDED: AtomicI32 = AtomicI32::new(0);

/// How often each signal is sent.
const TIMES: u32 = 4;

/// How long a thread that a signal has chosen may wait for a processor.
const PATIENCE: Duration = Duration::from_millis(40);

extern "C" fn landed(_: i32) {
    // Release: pairs with the acquire below.
    LANDED.store(tid(), Ordering::Release);
}

fn run(subject: &Subject) -> Verdict {
    let signals = [
        libc::SIGTERM,
        libc::SIGALRM,
        libc::SIGCHLD,
        libc::SIGINT,
        libc::SIGHUP,
        libc::SIGUSR1,
    ];
    let library = subject.ready()?;
    subject.call_all(&library)?;
    // A thread that is just being made has all signals blocked.
    subject.settle();
    // The host takes to reading its signals: only now, so that no thread of the library's has the mask from it.
    let set = read_by_hand(&signals);
    for _ in Rounds::of(TIMES, TIMES) {
        for signal in signals {
            let name = signal_name(signal);
            subject.step(&format!("waiting for {name} on the host's thread"));
            // SAFETY: the signal is blocked here, and has a handler for where it is not.
            unsafe { libc::kill(libc::getpid(), signal) };
            // A thread that has been chosen must get a processor before this one takes the signal from it.
            give(PATIENCE);
            take(&set, signal, &name)?;
        }
    }
    let others = threads().len() - 1;
    Ok(format!(
        "{} signals, {TIMES} times each, reached the host, with {others} other threads in the process",
        signals.len()
    ))
}

/// Blocks the signals on this thread, for `sigwait`.
fn read_by_hand(signals: &[i32]) -> libc::sigset_t {
    let mut set = MaybeUninit::uninit();
    // SAFETY: sigemptyset(3) initialises the set. The handler only stores a number.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        for signal in signals {
            libc::sigaddset(set.as_mut_ptr(), *signal);
        }
        let set = set.assume_init();
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut());
        for signal in signals {
            libc::signal(*signal, landed as *const () as libc::sighandler_t);
        }
        set
    }
}

/// Waits until the signal has come, here or elsewhere.
fn take(set: &libc::sigset_t, signal: i32, name: &str) -> Result<(), Stop> {
    let moment = libc::timespec {
        tv_sec: 0,
        tv_nsec: 2_000_000,
    };
    loop {
        // SAFETY: the set and the time are initialised; the details are not wanted.
        let taken = unsafe { libc::sigtimedwait(set, std::ptr::null_mut(), &raw const moment) };
        // Acquire: pairs with the release in the handler.
        let elsewhere = LANDED.swap(0, Ordering::Acquire);
        if elsewhere != 0 {
            let comm = std::fs::read_to_string(format!("/proc/self/task/{elsewhere}/comm"));
            return Err(Stop::fail(format!(
                "the host's {name} was handled on a thread that the library has made (\"{}\")",
                comm.unwrap_or_default().trim()
            )));
        }
        if taken == signal {
            return Ok(());
        }
    }
}
