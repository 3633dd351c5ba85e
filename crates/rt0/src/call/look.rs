//! One look at the gate, for those who wait for it without a thread of their own.

use std::time::Duration;

use rt0_core::generation::page;
use rt0_core::library::settings;
use rt0_core::protocol::gate::State;
use rt0_core::sync::Deadline;
use rt0_core::{Library, Status, call, generation, sabotage};

use super::ready::{enter_on_own_thread, is_waited_for, pass, pass_until};
use crate::error::Error;
use crate::in_flight::Inside;
use crate::runtime;

/// Enters if the gate is open. `None`: the caller has to wait in the list.
///
/// # Errors
/// Waiting would be of no use.
pub(crate) fn look(library: &'static Library) -> Result<Option<Inside>, Error> {
    loop {
        let inside = enter_on_own_thread().or_else(|| Inside::enter(generation::is_ready));
        if inside.is_some() {
            return Ok(inside);
        }
        if waits_here(library) {
            pass(library, None)?;
            continue;
        }
        match pass_until(library, Deadline::Passed) {
            Ok(()) => {}
            Err(error) if may_change(library, error.status()) => return Ok(None),
            Err(error) => return Err(error),
        }
    }
}

/// Whether the library must make no thread: then the caller's own has to wait, and to boot.
fn waits_here(library: &Library) -> bool {
    settings::is_quiet(library) || page().is_threadless() || sabotage::NO_WAITERS_THREAD
}

/// Whether a call that gets this error at once would not get it if it waited.
fn may_change(library: &Library, status: Status) -> bool {
    if status == Status::NotReady {
        return true;
    }
    let waits = || match page().gate.state() {
        State::Stopping => is_waited_for(),
        State::Failed => call::retry_after(library) == Some(Duration::ZERO),
        // It has changed since.
        State::Booting | State::Scheduled | State::Retrying | State::Cold => true,
        State::Ready | State::Uncalled => true,
    };
    let of_a_boot = matches!(
        status,
        Status::Stopped | Status::BootFailed | Status::RuntimeLost | Status::NoThread
    );
    let mine = || !runtime::on_own_thread() && !Inside::already();
    of_a_boot && !page().end_has_begun() && mine() && waits()
}
