//! A process that ends by itself, with the library in it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::check::Stop;
use crate::subject::{Status, Subject, exit_now, fork};

unsafe extern "C" {
    /// C11's. It is in every C library that Linux has.
    fn quick_exit(code: i32) -> !;
}

/// By which function a process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// `exit`, as by a return from main.
    Exit,
    /// `quick_exit`.
    QuickExit,
    /// `_exit`.
    AtOnce,
}

/// The end of a process.
pub struct Ending<'a> {
    way: Way,
    host: &'a str,
    code: i32,
}

/// Where a process leaves the moment at which it began to end.
const BEGUN: usize = 8;

impl<'a> Ending<'a> {
    /// By `exit`, with this code. `host` says whose end it is.
    pub fn of(host: &'a str, code: i32) -> Ending<'a> {
        Ending::by(Way::Exit, host, code)
    }

    /// By another function.
    pub fn by(way: Way, host: &'a str, code: i32) -> Ending<'a> {
        Ending { way, host, code }
    }

    /// Makes a process in which the library is not loaded yet, runs `prepare` in it, and ends it. Gives how long the
    /// end has taken.
    ///
    /// # Errors
    /// What `prepare` says; or the process has not ended as it should.
    pub fn exits(
        &self,
        subject: &Subject,
        prepare: impl FnOnce() -> Result<(), Stop>,
    ) -> Result<Duration, Stop> {
        let name = match self.way {
            Way::Exit => "exit",
            Way::QuickExit => "quick_exit",
            Way::AtOnce => "_exit",
        };
        let begun = subject.slot(BEGUN);
        subject.step("forking, before the load");
        let host = fork(self.host, || {
            prepare()?;
            subject.step(&format!("ending {} by {name}", self.host));
            // Relaxed: it is read when this process has ended.
            begun.store(nanoseconds(), Ordering::Relaxed);
            // SAFETY: the end of this process, with whatever threads there are, is what is being checked.
            unsafe {
                match self.way {
                    Way::Exit => libc::exit(self.code),
                    Way::QuickExit => quick_exit(self.code),
                    Way::AtOnce => exit_now(self.code),
                }
            }
        })?;
        let status = host.end()?;
        // Relaxed: as above.
        let taken = nanoseconds().saturating_sub(begun.load(Ordering::Relaxed));
        match status {
            Status::Exit(code) if code == self.code => Ok(Duration::from_nanos(taken)),
            status => Err(Stop::fail(format!(
                "{} called {name}({}), and {status}",
                self.host, self.code
            ))),
        }
    }
}

/// A clock that all processes share.
fn nanoseconds() -> u64 {
    let mut now = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: it writes the structure.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut now) };
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}
