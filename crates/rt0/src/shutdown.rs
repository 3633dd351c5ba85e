//! The end of a generation, step by step.
//!
//! 1. The gate closes: calls that arrive get the error `STOPPED`, or wait for the end of it all where
//!    the author has chosen so.
//! 2. Calls that are inside leave. If they do not in time, the gate opens again and nothing has
//!    happened.
//! 3. Main is told to stop, and the boot thread, which runs it, is joined. If that is not over in
//!    time the gate stays closed, and the next shutdown goes on from here.
//! 4. The author's exit runs, and the handles that hosts still hold are dropped.
//! 5. The runtime ends: its tasks are dropped, its threads joined. A thread that is busy beyond the
//!    deadline is left to end when it is done.
//! 6. The state is dropped, and the gate is cold: the next call boots afresh.
//!
//! When the boot thread is joined it is known what it has left announced: a guard that main, or a task on
//! that thread, has leaked, and by which it may have lent the state to anybody, for good. Then the state is
//! not dropped but stays in memory, and all else is done. So it is when the process exits on a thread that is
//! inside a call: its thread-locals are dropped later, and the threads of its scopes go on.
//!
//! What goes wrong in steps 4 to 6 does not hold the shutdown up: the generation ends, and the error
//! `ENDED_BADLY` says what it was.
//!
//! A generation whose runtime is lost (`runtime/lost.rs`) is told to stop and then left: steps 4 to 6 would
//! close, write to and read from descriptors that may be the host's by now.
//!
//! Code of the author's that runs in these steps may fork. The child's copy of this thread then leaves,
//! and touches nothing: what is being ended is the parent's, and the child may have booted for itself.

use std::mem::ManuallyDrop;
use std::time::{Duration, Instant};

use rt0_core::generation::page;
use rt0_core::platform::{kernel, loader};
use rt0_core::shutdown::{self, Claim, Stopping};
use rt0_core::sync::{Deadline, clock};
use rt0_core::{Library, Status, boot, sabotage};

use crate::abi::call::Failure;
use crate::boot::needs_thread;
use crate::config::Config;
use crate::generation::Generation;
use crate::inflight::{self, Inside};
use crate::still_inside::StillInside;
use crate::uncancelled::Uncancelled;
use crate::{hooks, panic, runtime};

/// How long threads with nothing more to do may take to end, on a busy machine.
const THREADS_END: Duration = Duration::from_millis(100);

/// Ends the present generation. Without a timeout it waits for as long as it takes. A `pthread_cancel`
/// of this thread waits until it is over.
pub(crate) fn shut_down(library: &Library, timeout: Option<Duration>) -> Result<(), Failure> {
    let _uncancelled = Uncancelled::for_rt0();
    steps(library, timeout)
}

fn steps(library: &Library, timeout: Option<Duration>) -> Result<(), Failure> {
    let clock = Clock(timeout.map(|timeout| Instant::now() + timeout));
    if runtime::on_own_thread() {
        return fail(
            Status::WouldDeadlock,
            "called on a thread of the library's own, which it would wait for; call it from the host's",
        );
    }
    if Inside::already() {
        return fail(
            Status::WouldDeadlock,
            "called from inside one of the library's own calls, which it would wait for: let that call return first. If it was left by a longjmp or an exception out of a callback (Ruby's raise, PostgreSQL's ereport) it never will, and this process can't shut the library down any more",
        );
    }
    if loader::is_locked_here() {
        return fail(
            Status::WouldDeadlock,
            "called under the loader's lock (from a DllMain, or a constructor in a library), without which no thread of the library can end; call it when the LoadLibrary or FreeLibrary is over",
        );
    }
    let _sole = Sole::wait(&clock)?;
    let stopping = match shutdown::resume() {
        Some(stopping) => {
            // The exit of a process leaves the gate closed although calls are inside.
            if !sabotage::NO_RESUME_WAIT
                && let Err(inside) = inflight::wait_for_calls(clock.0, 0, || false)
            {
                return still_inside(Status::TimedOut, &inside, STAYS_CLOSED);
            }
            stopping
        }
        None => match close(library, &clock)? {
            Some(stopping) => stopping,
            None => return Ok(()),
        },
    };
    finish(stopping, &clock, 0)
}

/// The end of the process, on a thread that nobody waits for longer than this time. `inside`: the one
/// that called `exit` is inside a call, which it will never go on with.
///
/// The same steps, but nothing is called off: the gate stays closed. Calls of other threads have half
/// of the time to leave; if they do not, main is told to stop, and the state is theirs. The one that called
/// `exit` has no time to leave: all ends but the state.
pub(crate) fn at_exit(library: &Library, time: Duration, inside: bool) {
    let now = Instant::now();
    let clock = Clock(Some(now + time));
    let Ok(_sole) = Sole::wait(&clock) else {
        return;
    };
    let stopping = match shutdown::resume() {
        Some(stopping) => stopping,
        None => match shutdown::begin(library, clock.for_core()) {
            Ok(Some(stopping)) => stopping,
            _ => return,
        },
    };
    if inflight::wait_for_calls(Some(now + time / 2), inside.into(), || false).is_ok() {
        let overlooked = sabotage::NO_EXIT_INSIDE && inside;
        let _ = finish(stopping, &clock, overlooked.into());
        return;
    }
    tell_main(&stopping);
    stopping.join_boot_thread(clock.for_core());
}

/// Steps 1 and 2.
fn close(library: &Library, clock: &Clock) -> Result<Option<Stopping>, Failure> {
    let stopping = match shutdown::begin(library, clock.for_core()) {
        Ok(Some(stopping)) => stopping,
        Ok(None) => return Ok(None),
        Err(Status::TimedOut) => {
            return fail(
                Status::TimedOut,
                "start-up is under way and was not over in time",
            );
        }
        Err(status) => {
            return fail(
                status,
                "called from inside the dlopen that loads the library, or by the library's own start-up, which it would wait for",
            );
        }
    };
    // One that begins while we wait waits for us: what is left to do is for it.
    let exits = page().end_has_begun();
    if exits {
        tell_main(&stopping);
    }
    match inflight::wait_for_calls(clock.0, 0, || !exits && page().end_has_begun()) {
        Ok(()) => Ok(Some(stopping)),
        Err(inside) if page().end_has_begun() => {
            // It may have no time to do it.
            tell_main(&stopping);
            let status = if exits {
                Status::TimedOut
            } else {
                Status::Stopped
            };
            still_inside(status, &inside, STAYS_CLOSED)
        }
        Err(inside) => {
            stopping.cancel();
            still_inside(Status::TimedOut, &inside, "the library goes on as before")
        }
    }
}

const STAYS_CLOSED: &str = "the process exits, and the library stays closed";

fn still_inside<T>(status: Status, inside: &StillInside, then: &str) -> Result<T, Failure> {
    fail(status, &format!("{inside}; {then}"))
}

fn tell_main(_: &Stopping) {
    // SAFETY: we are the shutdown.
    if let Some(generation) = unsafe { Generation::present() } {
        generation.stop.set();
    }
}

/// Steps 3 to 6. `overlooked`: so many threads count as if they were not inside.
fn finish(stopping: Stopping, clock: &Clock, overlooked: usize) -> Result<(), Failure> {
    // SAFETY: we are the shutdown.
    let generation = unsafe { Generation::present() };
    if let Some(generation) = generation {
        generation.stop.set();
        if is_lost(generation) {
            wait_for_lost(generation, clock.for_core());
            leave();
            stopping.end();
            return Ok(());
        }
    }
    // Where it has no main to run, it is about to end by itself: even "at once" leaves it that time.
    let runs_main = needs_thread() && generation.is_some_and(Generation::has_state);
    let at_least = if runs_main {
        Duration::ZERO
    } else {
        THREADS_END
    };
    if !stopping.join_boot_thread(clock.for_core().max(clock::after(at_least))) {
        // Dropping `stopping` leaves the gate closed, for the next shutdown to resume.
        return fail(
            Status::TimedOut,
            "the boot thread, with the library's main, was told to stop and has not ended; call shutdown again to wait on",
        );
    }
    // The gate is closed: there will not be more.
    let left = inflight::left().saturating_sub(overlooked);
    // SAFETY: we are the shutdown, the boot thread is joined, and no call is inside but one that the exit
    // of the process has interrupted. Who is left was lent no more than the state.
    let generation = unsafe { Generation::retire() };
    let ended = match generation.map_or(Ok(Ok(())), |generation| end(generation, clock, left)) {
        Ok(ended) => ended,
        // Nothing of the child's was to be ended.
        Err(InChild) => return Ok(()),
    };
    stopping.end();
    ended.or_else(|text| fail(Status::EndedBadly, &text))
}

/// Whether the host has closed the descriptors of its runtime.
fn is_lost(generation: &Generation) -> bool {
    !sabotage::NO_LOST_LEFT && generation.runtime.is_lost()
}

/// How long main is waited for, which may sleep in a lost runtime for ever.
const LOST_MAIN_ENDS: Duration = Duration::from_secs(1);

/// How long a boot thread is waited for that does nothing but drive a lost runtime.
const LOST_DRIVER_ENDS: Duration = Duration::from_millis(10);

/// Waits for the boot thread of a lost generation, which was told to stop, and not for long.
fn wait_for_lost(generation: &Generation, deadline: Deadline) {
    let longest = match generation.runtime.is_driven() {
        true => LOST_DRIVER_ENDS,
        false => LOST_MAIN_ENDS,
    };
    // Even "at once" leaves it the time that a thread takes to end.
    let until = deadline.max(clock::after(THREADS_END));
    boot::join_or_leave_boot_thread(until.min(clock::after(longest)));
}

/// Takes a lost generation away, and drops nothing of it: descriptors that are in its runtime, its tasks, its
/// handles and its state have numbers that may be the host's by now. For the same reason the author's exit
/// is not run.
fn leave() {
    // SAFETY: no call is inside, and the boot thread has been joined, or left: to that one the generation
    // stays, for it is never freed.
    std::mem::forget(unsafe { Generation::retire() });
}

/// This is a child, which code of the author's has forked in the middle of its parent's shutdown.
struct InChild;

/// Whether the page is still that of the generation with this number; a child's is not.
fn still(number: u32) -> Result<(), InChild> {
    if page().number() == number || sabotage::NO_FORKED_END {
        Ok(())
    } else {
        Err(InChild)
    }
}

/// What went wrong, after all of it was done. `left`: so many threads were lent the state for good.
fn end(
    generation: Box<Generation>,
    clock: &Clock,
    left: usize,
) -> Result<Result<(), String>, InChild> {
    let number = page().number();
    let mut generation = ManuallyDrop::new(generation);
    let mut wrong = Vec::new();
    let mut note = |what: &str, result: Result<(), String>| {
        still(number)?;
        wrong.extend(result.err().map(|text| format!("{what}: {text}")));
        Ok(())
    };
    if let Some(exit) = hooks::exit().filter(|_| generation.has_state()) {
        let run = || {
            let _at_hand = generation.runtime.at_hand();
            exit.run_for(&generation, clock.left())
        };
        note("its exit", own(run).and_then(|result| result))?;
    }
    let mut handles = ManuallyDrop::new(generation.handles.drain());
    for handle in &mut *handles {
        let run = || {
            let _at_hand = generation.runtime.at_hand();
            drop(handle);
        };
        note("dropping a handle", own(run))?;
    }
    drop(ManuallyDrop::into_inner(handles));
    // Threads that are idle are given the time to end, even "at once".
    let time = clock.left().map(|left| left.max(THREADS_END));
    let busy = own(|| generation.runtime.shut_down(time));
    note(
        "its runtime",
        busy.and_then(|busy| match busy {
            0 => Ok(()),
            busy => Err(format!(
                "{busy} thread(s) are still busy, and end when they are done"
            )),
        }),
    )?;
    let generation = ManuallyDrop::into_inner(generation);
    if left == 0 {
        note("dropping its state", own(|| drop(generation)))?;
    } else {
        generation.keep();
        note("its state stays in memory", Err(LEAKED.to_owned()))?;
    }
    Ok(match wrong.is_empty() {
        true => Ok(()),
        false => Err(format!("shut down, but {}", wrong.join("; "))),
    })
}

const LEAKED: &str = "an rt0::Ready was leaked by the library's main, or by a task on main's thread, and whoever has it \
     may use the state for ever; that is for the library's author to mend";

/// Takes a failed generation away for a call that boots the next; false when the deadline comes first, or can't
/// but come first. Where the boot has failed there is no state and no main, and only calls that read the
/// failure's text can be inside; where the generation is lost, any can.
pub(crate) fn end_failed(deadline: Deadline) -> bool {
    if Inside::already() && !sabotage::NO_NESTED_RETRY {
        // A call out of a callback of another one, for whose end it would wait.
        return false;
    }
    let now = Instant::now();
    let end = match deadline {
        Deadline::Passed => Some(now),
        Deadline::At(nanos) => {
            let left = Duration::from_nanos(nanos.saturating_sub(kernel::monotonic()));
            now.checked_add(left)
        }
        Deadline::Never => None,
    };
    if inflight::wait_for_calls(end, 0, || false).is_err() {
        return false;
    }
    // SAFETY: the gate is RETRYING, which keeps shutdowns off.
    if let Some(generation) = unsafe { Generation::present() }
        && is_lost(generation)
    {
        generation.stop.set();
        wait_for_lost(generation, deadline);
        leave();
        return true;
    }
    // SAFETY: the gate is RETRYING, which keeps shutdowns off; no call is inside, and the core has
    // joined the boot thread.
    let generation = unsafe { Generation::retire() };
    // Nothing of the author's is in it any more; if it panics all the same, that concerns nobody.
    let _ = own(|| drop(generation));
    true
}

/// Whether a call on this thread that comes during a shutdown waits for its end: if the author has
/// chosen so, and unless the shutdown waits for this thread.
pub(crate) fn is_waited_for() -> bool {
    Config::present().is_some_and(|config| config.waits_for_shutdown) && !Inside::already()
}

/// The author's code, as part of the shutdown: it can't wait for the shutdown, nor bring the host down.
fn own<R>(run: impl FnOnce() -> R) -> Result<R, String> {
    runtime::as_own_thread(|| panic::caught(run))
}

fn fail<T>(status: Status, text: &str) -> Result<T, Failure> {
    Err(Failure::of_lifecycle("shutdown", status, text))
}

/// The right to end the generation: one thread in a process has it.
struct Sole(Claim);

impl Sole {
    fn wait(clock: &Clock) -> Result<Sole, Failure> {
        if let Some(claim) = shutdown::claim(clock.for_core()) {
            return Ok(Sole(claim));
        }
        fail(
            Status::TimedOut,
            "another thread is shutting the library down and was not done in time",
        )
    }
}

/// When it must be over.
struct Clock(Option<Instant>);

impl Clock {
    fn left(&self) -> Option<Duration> {
        self.0
            .map(|end| end.saturating_duration_since(Instant::now()))
    }

    fn for_core(&self) -> Deadline {
        self.left().map_or(Deadline::Never, clock::after)
    }
}
