//! A collector stops every thread that it has seen by a signal, and waits for each: a thread that blocks it stops the world.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::held::{self, Held};
use crate::check::{Check, How, Needs, Severity, Verdict};
use crate::pages::page;
use crate::subject::{Subject, signal_name, threads};

/// The check.
pub const CHECK: Check = Check {
    id: "call-gc-signals",
    severity: Severity::Error,
    hazard: "G11",
    title: "a thread that has called back takes the signals by which collectors stop threads",
    page: page!("call-gc-signals"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

/// How many of them have arrived.
static ARRIVED: AtomicU64 = AtomicU64::new(0);

extern "C" fn arrived(_: i32) {
    // Release: pairs with the acquire below.
    ARRIVED.fetch_add(1, Ordering::Release);
}

fn run(subject: &Subject) -> Verdict {
    // Boehm's, Mono's and .NET's.
    let real_time = libc::SIGRTMIN();
    let signals = [
        libc::SIGPWR,
        libc::SIGXCPU,
        real_time,
        real_time + 1,
        real_time + 6,
    ];
    handle(&signals);
    let library = subject.ready()?;
    let Some(held) = Held::next(subject, &library)? else {
        return Err(held::nobody());
    };
    for signal in signals {
        send(subject, &held, signal);
    }
    // A collector has to stop the thread whatever it does next.
    held.release();
    for signal in signals {
        send(subject, &held, signal);
    }
    Ok(format!(
        "{} signals were taken by the thread {:?}",
        signals.len(),
        held.name
    ))
}

/// Before the load: a library may look at what the host handles.
fn handle(signals: &[i32]) {
    for signal in signals {
        // SAFETY: the handler only adds to a number. A zeroed structure has an empty mask.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = arrived as *const () as usize;
            action.sa_flags = libc::SA_RESTART;
            libc::sigaction(*signal, &raw const action, std::ptr::null_mut());
        }
    }
}

/// Sends it to the thread, and waits until it was taken, or until the thread has ended.
fn send(subject: &Subject, held: &Held, signal: i32) {
    let name = signal_name(signal);
    subject.step(&format!(
        "waiting for the library's thread {:?}, which has called back, to take {name}",
        held.name
    ));
    // Acquire: pairs with the release above.
    let before = ARRIVED.load(Ordering::Acquire);
    // SAFETY: the signal has a handler.
    let sent = unsafe { libc::syscall(libc::SYS_tgkill, std::process::id(), held.thread, signal) };
    while sent == 0 && ARRIVED.load(Ordering::Acquire) == before && threads().contains(&held.thread)
    {
        std::thread::sleep(Duration::from_millis(1));
    }
}
