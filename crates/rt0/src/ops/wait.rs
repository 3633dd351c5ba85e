//! How a host's thread waits for an op or for tags.
//!
//! It sleeps on a word or a condition variable that the completion wakes. Now and then it looks whether the runtime
//! is lost, which would complete what it waits for; and where calls drive the runtime, it drives it.

use std::time::Duration;

use rt0_core::sync::{Deadline, clock};
use rt0_core::{Status, sabotage};

use super::complete::expire;
use super::driving::drive;
use super::table::Ops;
use crate::config::read::is_quiet;
use crate::failure::Failure;
use crate::generation::lost;
use crate::interpose::descriptors::LOOK;
use crate::runtime;

/// Why nothing was found.
pub(super) enum NotFound {
    TimedOut,
    /// The library has ended for good.
    Refused,
}

/// Waits until `look` finds something. `sleep` sleeps until there may be something, at most for this time.
pub(super) fn until<R>(
    ops: &Ops,
    deadline: Deadline,
    look: &mut dyn FnMut() -> Option<R>,
    sleep: &mut dyn FnMut(Duration),
) -> Result<R, NotFound> {
    let is_quiet = rt0_core::this_library().is_ok_and(is_quiet);
    let mut was_lost = false;
    loop {
        if is_quiet {
            ops.clock.look(expire);
        }
        if let Some(found) = look() {
            return Ok(found);
        }
        if ops.is_refused() {
            return Err(NotFound::Refused);
        }
        let mut left = clock::left(deadline);
        let is_last = left == Some(Duration::ZERO);
        let next = if is_quiet {
            ops.clock.next()
        } else {
            Deadline::Never
        };
        if let Some(next) = clock::left(next) {
            left = Some(left.map_or(next, |left| left.min(next)));
        }
        // Nobody else looks at the clock: an op that has begun meanwhile may be due before that.
        let is_earlier = || is_quiet && ops.clock.next() < next && !sabotage::NO_EARLIER_DEADLINE;
        let mut found = None;
        let mut find = || {
            found = look();
            found.is_some() || ops.is_refused() || is_earlier()
        };
        // Also at the deadline: a look drives what is ready.
        let has_driven = drive(&ops.drivers, &mut find, left);
        if let Some(found) = found {
            return Ok(found);
        }
        if is_last && sabotage::NO_LOSS_AT_LOOK {
            return Err(NotFound::TimedOut);
        }
        let is_lost = !has_driven && lost::is_lost();
        if is_last {
            // A host that watches a descriptor never waits here, and notices the loss only now.
            let found = is_lost.then(&mut *look).flatten();
            return found.ok_or(NotFound::TimedOut);
        }
        // Who notices that the runtime is lost looks again at once: that has completed what is open. It stays lost until
        // the next generation, and what is waited for may have begun nowhere yet.
        let is_news = is_lost && (!was_lost || sabotage::NO_SLEEP_WHEN_LOST);
        was_lost = is_lost;
        if !has_driven && !is_news {
            sleep(left.map_or(LOOK, |left| left.min(LOOK)));
        }
    }
}

/// A time in milliseconds, as C passes it.
pub(super) fn deadline(symbol: &'static str, ms: i32) -> Result<Deadline, Failure> {
    match u64::try_from(ms) {
        Ok(ms) => Ok(clock::after_ms(ms)),
        Err(_) if ms == -1 => Ok(Deadline::Never),
        Err(_) => Err(Failure::new(
            symbol,
            Status::InvalidArgument,
            "got a timeout_ms that is not valid: pass a time in milliseconds, 0 to look and not wait, or -1 to wait \
             forever",
        )),
    }
}

/// Refuses to wait on a thread of the library's own, or in async code that drives the runtime: it has the work to do
/// that is waited for.
pub(super) fn check_thread(symbol: &'static str, deadline: Deadline) -> Result<(), Failure> {
    if deadline == Deadline::Passed || !runtime::waits_for_itself() {
        return Ok(());
    }
    Err(Failure::new(
        symbol,
        Status::WouldDeadlock,
        "was called on one of the library's own threads, where waiting would deadlock; pass 0 to look and not wait, or \
         call it on a thread of the host",
    ))
}
