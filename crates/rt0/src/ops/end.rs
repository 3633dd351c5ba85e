//! `_end`: takes the outcome of an op that is done, and closes the op.

use std::mem;

use rt0_core::generation::page;
use rt0_core::protocol::gate::State;
use rt0_core::protocol::op::NotTaken;
use rt0_core::{Status, this_library};

use super::Op;
use super::future::take_out;
use super::kind::Kind;
use super::table::Ops;
use crate::call::Call;
use crate::error::refusal;
use crate::failure::{Failure, forked};
use crate::in_flight::Inside;
use crate::of_process::OfProcess;

/// Takes the outcome of an op, and closes it. `put` gives the value to the host. Never waits.
///
/// # Errors
/// The op is not done, and stays; it is not an open op of this export; or its outcome is an error.
///
/// # Safety
/// `T` is what the export of this kind returns. (A wrong one is refused.)
pub unsafe fn end<T: Send + 'static>(
    kind: &'static Kind,
    op: *mut Op,
    put: impl FnOnce(&Call, T) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let library = this_library().map_err(|status| refusal(None, status))?;
    if !rt0_core::is_ready() {
        // Before anything is allocated.
        forked::check(library)?;
    }
    let unknown = || {
        let text = "is not an open operation of this export: it was ended or freed, was begun by another export, or is \
            a fork's parent's";
        kind.failure("end", Status::InvalidHandle, text)
    };
    let ops = Ops::present().ok_or_else(unknown)?;
    // A handle goes into the table of the generation that made it. Looked at before the outcome is taken: a shutdown takes
    // handles out of outcomes, but not out of our hands.
    let here = kind.is_of_generation().then(Here::look);
    let (op, status) = match ops.take(kind, op as usize) {
        Ok(taken) => taken,
        Err(NotTaken::Closed) => return Err(unknown()),
        Err(NotTaken::NotDone) => {
            return Err(kind.failure("end", Status::NotDone, Status::NotDone.text()));
        }
    };
    if let Some(status) = status {
        return Err(kind.outcome(status));
    }
    // SAFETY: we have closed the handle, and the outcome is a value.
    let outcome = unsafe { take_out::<T>(&*op) }.ok_or_else(unknown)?;
    let value = outcome.map_err(|failure| *failure)?;
    let Some(here) = here else {
        return put(&Call::alone(), value);
    };
    let Here {
        inside,
        is_stopping,
    } = here;
    match inside.filter(|_| page().number() == op.head().generation()) {
        Some(inside) => put(&Call::inside(inside.again()), value),
        None if is_stopping => {
            drop(value);
            Err(kind.outcome(Status::Stopped))
        }
        None => {
            // A shutdown would have dropped it: its generation was lost, and nothing of it is dropped.
            mem::forget(value);
            Err(kind.outcome(Status::RuntimeLost))
        }
    }
}

/// What is there to put a handle into.
struct Here {
    /// The library is ready, and a shutdown waits for this.
    inside: Option<Inside>,
    /// A shutdown is under way.
    is_stopping: bool,
}

impl Here {
    fn look() -> Here {
        let is_stopping = || page().gate.state() == State::Stopping;
        let is_ready = || page().gate.state().reported() == State::Ready;
        match Inside::enter(is_ready) {
            None => Here {
                inside: None,
                is_stopping: is_stopping(),
            },
            inside => Here {
                inside,
                is_stopping: false,
            },
        }
    }
}
