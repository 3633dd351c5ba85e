//! The gate for a caller that holds a lock which the boot may need, such as the lock of a host's virtual
//! machine: it waits with the lock released, and gets its guard when it has the lock again.

use std::time::Duration;

use rt0_core::generation::page;
use rt0_core::sync::Deadline;
use rt0_core::{Library, Status, generation, sabotage};

use super::ready::{Ready, deadline_of, enter_on_own_thread, library, pass_until};
use crate::error::{Error, refusal};
use crate::in_flight::Inside;

/// What [`ready_with`] gives its closure: a function that waits until the library is ready, or until the wait
/// has failed. It can be run once or more, and does nothing after the first time.
///
/// It is `Send` because functions that release a lock ask for that. Run it on the thread that got it.
pub type Wait<'a> = &'a mut (dyn FnMut() + Send + 'a);

/// Like [`ready`](crate::ready()), but waits where the closure says: with a lock of the host's released.
///
/// A caller that holds the lock of the host's virtual machine (Python's GIL, Ruby's GVL) must not wait for
/// the boot with it: if init needs that lock too, each waits for the other until the deadline. The closure
/// gets a function that waits, and runs it with the lock released. The guard is made afterwards, on this
/// thread, when the closure has returned.
///
/// ```no_run
/// # struct Python; impl Python { fn detach(&self, f: impl FnOnce() + Send) { f() } }
/// fn size(py: Python) -> Result<u64, rt0::Error> {
///     let here = rt0::ready_with(|wait| py.detach(wait))?;
///     // The lock is held again, and the library is ready until `here` is dropped.
///     drop(here);
///     Ok(7)
/// }
/// ```
///
/// When the library is ready already, the closure is not called, so no lock is released for nothing. It is
/// called again if a shutdown has ended the library between its wait and its return. If it panics, the panic
/// continues in the caller; nothing is held by then.
///
/// # Errors
/// Those of [`ready`](crate::ready()). [`Status::NotReady`] also if the closure has returned without running
/// its `wait`.
#[inline(always)]
pub fn ready_with(run: impl FnMut(Wait<'_>)) -> Result<Ready, Error> {
    ready_in(None, run)
}

/// Like [`ready_with`], but waits at most this long, all in all.
///
/// # Errors
/// Those of [`ready_with`].
#[inline(always)]
pub fn ready_with_for(timeout: Duration, run: impl FnMut(Wait<'_>)) -> Result<Ready, Error> {
    ready_in(Some(timeout), run)
}

#[inline(always)]
fn ready_in(time: Option<Duration>, mut run: impl FnMut(Wait<'_>)) -> Result<Ready, Error> {
    match Inside::enter(generation::is_ready) {
        Some(inside) => Ok(Ready::new(inside)),
        None => wait(time, &mut run),
    }
}

#[cold]
fn wait(time: Option<Duration>, run: &mut dyn FnMut(Wait<'_>)) -> Result<Ready, Error> {
    let library = library()?;
    let deadline = deadline_of(library, time);
    loop {
        if let Some(inside) = enter_on_own_thread() {
            return Ok(Ready::new(inside));
        }
        if sabotage::NO_WAIT_OUTSIDE {
            pass_until(library, deadline)?;
        }
        wait_once(library, deadline, run)?;
        if let Some(inside) = Inside::enter(generation::is_ready) {
            return Ok(Ready::new(inside));
        }
    }
}

fn wait_once(
    library: &'static Library,
    deadline: Deadline,
    run: &mut dyn FnMut(Wait<'_>),
) -> Result<(), Error> {
    let mut waited = None;
    run(&mut || {
        waited.get_or_insert_with(|| pass_until(library, deadline));
    });
    waited.unwrap_or_else(|| {
        if page().end_has_begun() {
            return Err(refusal(Some(library), Status::Stopped));
        }
        let text = format!("{}: {NOT_RUN}", library.name());
        Err(Error::new(Status::NotReady, text))
    })
}

const NOT_RUN: &str = "nothing has waited for the library: the closure given to `rt0::ready_with`, or to \
    `wait` of `#[rt0::gated]`, returned without running its `wait`";
