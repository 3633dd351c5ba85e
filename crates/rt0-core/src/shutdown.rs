//! The end of a generation.
//!
//! [`begin`] closes the gate. What the library does then is its own business: it tells its main to stop, runs
//! its exit hook, ends its runtime and drops its state. [`Stopping::end`] makes the page cold again, and the
//! next call boots afresh. If the library can't finish in time, it drops the [`Stopping`] instead, and the
//! gate stays closed until some thread calls [`resume`]. Each thread that wants to end the generation first
//! [`claim`]s the right to, so only one does.

use core::marker::PhantomData;
use core::sync::atomic::{AtomicUsize, Ordering};

use rt0_abi::Status;

use crate::generation::page;
use crate::library::Library;
use crate::platform::thread::{Uncancelled, pause};
use crate::platform::{kernel, loader};
use crate::protocol::gate::State;
use crate::sync::{Deadline, Waited};
use crate::{boot, fork, sabotage};

/// The thread that is ending the generation now; 0: none. It is on the page, so a fork's child reads 0 there,
/// whatever its parent's threads were doing.
fn ending() -> &'static AtomicUsize {
    static BESIDE_THE_PAGE: AtomicUsize = AtomicUsize::new(0);
    if sabotage::NO_WIPED_CLAIM {
        return &BESIDE_THE_PAGE;
    }
    &page().ending_thread
}

/// The calling thread; never 0.
fn me() -> usize {
    kernel::this_thread().max(1)
}

/// The right to end the generation. One thread of the process has it, for as long as this value lives.
#[must_use = "the claim is given back when this is dropped"]
pub struct Claim {
    /// A claim belongs to its thread.
    _not_send: PhantomData<*mut ()>,
}

/// Claims the right to end the generation. `None`: another thread holds it and does not finish before the
/// deadline.
pub fn claim(deadline: Deadline) -> Option<Claim> {
    // Acquire pairs with the Release in `drop`.
    while !sabotage::NO_CLAIM
        && ending()
            .compare_exchange(0, me(), Ordering::Acquire, Ordering::Relaxed)
            .is_err()
    {
        if Deadline::At(kernel::monotonic()) >= deadline {
            return None;
        }
        pause();
    }
    // Relaxed: only this thread reads it.
    page().ending_id.store(0, Ordering::Relaxed);
    Some(Claim {
        _not_send: PhantomData,
    })
}

impl Drop for Claim {
    /// In a child that was forked meanwhile there is no claim, or it belongs to another thread of the child.
    /// That one stays.
    fn drop(&mut self) {
        // Release pairs with the Acquire in `claim`.
        let _ = ending().compare_exchange(me(), 0, Ordering::Release, Ordering::Relaxed);
    }
}

/// The right and the duty to end the generation. Only one exists at a time.
pub struct Stopping {
    former: State,
}

/// Closes the gate. If a boot is under way, waits for it first. Ask [`fork::check`] before.
///
/// `Ok(None)`: there is nothing to end.
///
/// # Errors
/// - [`Status::WouldDeadlock`]: called by a thread that the boot may be waiting for, by the thread that runs
///   main, or by the thread inside the `dlopen` that loads the library.
/// - [`Status::TimedOut`]: the boot was not over before the deadline, or the boot thread can't be joined yet
///   because another thread is inside a `dlopen`.
/// - [`Status::Stopped`]: another thread is ending it already.
pub fn begin(library: &Library, deadline: Deadline) -> Result<Option<Stopping>, Status> {
    let gate = &page().gate;
    loop {
        boot::wait_past_barrier(deadline)?;
        let state = gate.state();
        match state {
            State::Cold => return Ok(None),
            State::Stopping => return Err(Status::Stopped),
            _ if boot::on_own_thread(library) => return Err(Status::WouldDeadlock),
            State::Ready | State::Uncalled | State::Failed => {
                if let Some(former) = gate.begin_stop() {
                    return Ok(Some(Stopping { former }));
                }
            }
            State::Scheduled | State::Booting | State::Retrying => {
                let until = deadline.min(boot::next_barrier_check());
                if gate.wait_while(state, until) == Waited::TimedOut && until == deadline {
                    return Err(Status::TimedOut);
                }
            }
        }
    }
}

/// Ends the generation of a library that is built on the core alone: closes the gate, tells main to end and
/// joins the boot thread. The next call boots afresh. Any thread may call this, also several at once: one
/// does the work, and the others wait for it. A `pthread_cancel` of this thread takes effect afterwards.
///
/// # Errors
/// As [`begin`]. Also [`Status::TimedOut`] if main, or another thread's shutdown, does not end before the
/// deadline: the gate stays closed, and the next call of this function goes on from there.
pub fn shut_down(library: &Library, deadline: Deadline) -> Result<(), Status> {
    shut_down_and(library, deadline, || ())
}

/// Does what [`shut_down`] does, and calls `last` when main has ended, before the next call can boot.
///
/// # Errors
/// As [`shut_down`]. After an error `last` was not called.
pub fn shut_down_and(
    library: &Library,
    deadline: Deadline,
    last: impl FnOnce(),
) -> Result<(), Status> {
    fork::check()?;
    if boot::on_own_thread(library) || loader::is_locked_here() {
        return Err(Status::WouldDeadlock);
    }
    let _uncancelled = Uncancelled::for_rt0();
    let _claim = claim(deadline).ok_or(Status::TimedOut)?;
    steps(library, deadline, last)
}

fn steps(library: &Library, deadline: Deadline, last: impl FnOnce()) -> Result<(), Status> {
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
    last();
    stopping.end();
    Ok(())
}

/// Takes up a stop that its first caller could not finish. Only for the thread that holds the [`Claim`].
pub fn resume() -> Option<Stopping> {
    // The former state does not matter any more: this stop can't be called off.
    let former = State::Ready;
    (page().gate.state() == State::Stopping).then_some(Stopping { former })
}

impl Stopping {
    /// Waits for the boot thread, which is in the library's main or done, and joins it. False: the deadline
    /// passed first.
    pub fn join_boot_thread(&self, deadline: Deadline) -> bool {
        boot::join_boot_thread(deadline)
    }

    /// Lets the generation go on: nothing of it was touched.
    pub fn cancel(self) {
        page().gate.reopen(self.former);
    }

    /// Ends the generation: the state becomes COLD. The boot thread must have been joined.
    pub fn end(self) {
        page().clear();
        page().gate.end_stop();
    }
}
