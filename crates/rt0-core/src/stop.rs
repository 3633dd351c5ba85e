//! The end of a generation.
//!
//! [`begin`] closes the gate; what the library does then (tell its main, run its exit hook, end its
//! runtime, drop its state) is its own business; [`Stopping::end`] makes the page cold again, and the
//! next call boots afresh. If the library can't finish in time it drops the [`Stopping`] instead, and
//! the gate stays closed until somebody comes to [`resume`].

use rt0_abi::Status;

use crate::boot;
use crate::fork;
use crate::gate::State;
use crate::generation::page;
use crate::library::Library;
use crate::sync::{Deadline, Waited};

/// The right and the duty to end the generation. There is one at a time.
pub struct Stopping {
    former: State,
}

/// Closes the gate, once a boot that is under way is over.
///
/// `Ok(None)`: there is nothing to end.
///
/// # Errors
/// - [`Status::WouldDeadlock`]: called by a thread that boot may be waiting for, or by the one inside
///   the `dlopen` that loads the library.
/// - [`Status::TimedOut`]: boot was not over before the deadline.
/// - [`Status::Stopped`]: somebody else is ending it already.
/// - [`Status::Forked`]: see [`fork::check`](crate::fork::check).
pub fn begin(library: &Library, deadline: Deadline) -> Result<Option<Stopping>, Status> {
    fork::check()?;
    let gate = &page().gate;
    loop {
        boot::outside_dlopen(deadline)?;
        let state = gate.state();
        match state {
            State::Cold => return Ok(None),
            State::Stopping => return Err(Status::Stopped),
            State::Ready | State::Uncalled | State::Failed => {
                if let Some(former) = gate.begin_stop() {
                    return Ok(Some(Stopping { former }));
                }
            }
            State::Scheduled | State::Booting | State::Retrying => {
                if boot::on_own_thread(library) {
                    return Err(Status::WouldDeadlock);
                }
                let until = deadline.min(boot::next_look());
                if gate.wait_while(state, until) == Waited::TimedOut && until == deadline {
                    return Err(Status::TimedOut);
                }
            }
        }
    }
}

/// Ends the generation of a library that is built on the core alone: closes the gate, tells main to end,
/// joins the boot thread. The next call boots afresh.
///
/// # Errors
/// As [`begin`]; and [`Status::TimedOut`] when main does not end before the deadline: the gate stays
/// closed, and the next call of this goes on.
pub fn shut_down(library: &Library, deadline: Deadline) -> Result<(), Status> {
    let stopping = match resume() {
        Some(stopping) => stopping,
        None => match begin(library, deadline)? {
            Some(stopping) => stopping,
            None => return Ok(()),
        },
    };
    if let Some(stop) = library.stop {
        stop();
    }
    if !stopping.join_boot_thread(deadline) {
        return Err(Status::TimedOut);
    }
    stopping.end();
    Ok(())
}

/// Takes up a stop that its first caller could not finish. The library must know that there is one.
pub fn resume() -> Option<Stopping> {
    // What it was before does not matter any more: it can't be called off.
    let former = State::Ready;
    (page().gate.state() == State::Stopping).then_some(Stopping { former })
}

impl Stopping {
    /// Waits for the boot thread, which is in the library's main or done, and joins it. False when
    /// the deadline passes first.
    pub fn join_boot_thread(&self, deadline: Deadline) -> bool {
        boot::join_boot_thread(deadline)
    }

    /// The generation goes on: nothing of it was touched.
    pub fn cancel(self) {
        page().gate.reopen(self.former);
    }

    /// The generation has ended: the state is cold. The boot thread must be joined.
    pub fn end(self) {
        page().clear();
        page().gate.end_stop();
    }
}
