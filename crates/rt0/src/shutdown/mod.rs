//! The end of a generation, step by step.
//!
//! 1. The gate closes. New calls get the error `STOPPED`, or wait for the shutdown to end if the author chose
//!    that.
//! 2. The calls that are inside leave. If they do not leave in time, the gate opens again, as if nothing had
//!    happened.
//! 3. Main is told to stop, and the boot thread, which runs main, is joined. If it does not end in time, the
//!    gate stays closed, and the next shutdown continues from here.
//! 4. The author's exit runs, and the handles that hosts still hold are dropped.
//! 5. The runtime ends: its tasks are dropped and its threads joined. A thread that is still busy at the
//!    deadline is not waited for; it ends when it is done.
//! 6. The state is dropped. What options of `#[rt0::init]` have added (`parts.rs`) calls nobody any more. The gate is
//!    cold: the next call boots again.
//!
//! Once the boot thread is joined, any announcement that it still has was leaked: main, or a task on that
//! thread, leaked a guard, and may have lent the state to anybody for good. Then the state stays in memory,
//! and everything else ends. The same holds when the process exits on a thread that is inside a call: its
//! thread-locals are dropped later, and its scoped threads keep running.
//!
//! A failure in steps 4 to 6 does not stop the shutdown. The generation ends, and the error `ENDED_BADLY`
//! says what went wrong.
//!
//! A generation whose runtime is lost (`runtime/tokio/lost.rs`) is told to stop and then left. Steps 4 to 6
//! would close, write to and read from descriptors that may be the host's by now.
//!
//! The author's code that runs in these steps may fork. In the child, this shutdown then returns without
//! touching anything: the generation being ended is the parent's, and the child may have booted its own.

mod elsewhere;
mod failed;
mod lost;
pub(crate) mod on_exit;
mod parts;

use std::time::Duration;

use rt0_core::generation::page;
use rt0_core::generation::steps::{self, Step};
use rt0_core::platform::{loader, thread};
use rt0_core::shutdown::{self, Claim, Stopping};
use rt0_core::sync::{Deadline, clock};
use rt0_core::{Library, Status, sabotage};

pub(crate) use self::failed::end_failed;
use self::lost::{is_lost, leave, release_guards, wait_for_lost};
use self::parts::{InChild, check_not_forked, end};
use crate::boot::hooks::needs_thread;
use crate::call::waiters;
use crate::config::Config;
use crate::failure::Failure;
use crate::generation::Generation;
use crate::in_flight::still_inside::StillInside;
use crate::in_flight::{self, Inside};
use crate::platform::uncancelled::Uncancelled;
use crate::runtime;

/// The stack of a thread that is made to end a generation, in bytes.
pub(crate) const STACK: usize = 2 * 1024 * 1024;

/// How long threads that have nothing left to do may take to end on a busy machine.
const THREADS_END: Duration = Duration::from_millis(100);

/// Ends the present generation. Without a timeout it waits as long as it takes. A `pthread_cancel` of this
/// thread takes effect only after it returns.
pub(crate) fn shut_down(library: &Library, timeout: Option<Duration>) -> Result<(), Failure> {
    let _uncancelled = Uncancelled::for_rt0();
    steps(library, timeout)
}

fn steps(library: &Library, timeout: Option<Duration>) -> Result<(), Failure> {
    let deadline = timeout.map_or(Deadline::Never, clock::after);
    check_caller("shutdown")?;
    let end = || close_and_end(library, deadline);
    if elsewhere::is_needed(library) {
        if let Some(ended) = elsewhere::run(&end) {
            return ended.unwrap_or_else(|text| fail(Status::Panicked, &text));
        }
    }
    end()
}

/// Refuses a thread that an end of the library would wait for, or that an end would pull something from under: the
/// call is `shutdown` or `end`.
pub(crate) fn check_caller(call: &str) -> Result<(), Failure> {
    let text = if runtime::on_own_thread() {
        "called on one of the library's own threads, which would deadlock; call it from a thread of the host"
    } else if Inside::already() {
        "called inside one of the library's own calls, which would deadlock; let that call return \
         first. If a longjmp or an exception in a callback left it (Ruby's raise, PostgreSQL's \
         ereport), it never will, and this process can no longer shut the library down"
    } else if loader::is_locked_here() {
        "called under the loader lock (from DllMain or a library's constructor), which the library's \
         threads need to end; call it when LoadLibrary or FreeLibrary has returned"
    } else {
        return Ok(());
    };
    Err(Failure::of_lifecycle(call, Status::WouldDeadlock, text))
}

fn close_and_end(library: &Library, deadline: Deadline) -> Result<(), Failure> {
    let _claim = claim(deadline)?;
    let stopping = match shutdown::resume() {
        Some(stopping) => {
            // When the process exits, the gate may be closed with calls still inside, and main not told yet. That
            // exit may come to its end before this shutdown does.
            tell_main(&stopping);
            if !sabotage::NO_RESUME_WAIT {
                if let Err(inside) = wait_for_calls(deadline, 0, &|| false) {
                    return still_inside(Status::TimedOut, &inside, STAYS_CLOSED);
                }
            }
            stopping
        }
        None => match close_or_stop(library, deadline)? {
            Some(stopping) => stopping,
            None => {
                Config::tell_parts(|part, _| part.idle(), deadline);
                return parts_are_over(deadline).or_else(|text| fail(Status::EndedBadly, &text));
            }
        },
    };
    waiters::settle(deadline);
    finish(stopping, deadline, (0, 0))
}

/// Closes the gate if that needs no waiting, for the thread that makes another one to call [`at_exit`]: threads that
/// call in a loop then let that one run.
pub(crate) fn close_at_once(library: &Library) {
    if let Some(_claim) = shutdown::claim(Deadline::Passed) {
        // The stop that is dropped here is resumed in `at_exit`.
        let _ = shutdown::begin(library, Deadline::Passed);
    }
}

/// Ends the generation when the process exits, on a thread that nobody waits for longer than `time`. `inside`
/// says that the thread that called `exit` is inside a call, which it never returns to.
///
/// The steps are the same, but the shutdown is never called off: the gate stays closed. Calls of other
/// threads have half of the time to leave. If they do not, main is told to stop, and the state stays with
/// them. The thread that called `exit` can't leave its call, so then everything but the state ends.
pub(crate) fn at_exit(library: &Library, time: Duration, inside: bool) {
    let deadline = clock::after(time);
    let for_calls = clock::after(time / 2);
    let Ok(_claim) = claim(deadline) else {
        return;
    };
    let stopping = match shutdown::resume() {
        Some(stopping) => stopping,
        None => match shutdown::begin(library, deadline) {
            Ok(Some(stopping)) => stopping,
            _ => return,
        },
    };
    on_exit::tell();
    if wait_for_calls(for_calls, inside.into(), &|| false).is_ok() {
        let overlooked = sabotage::NO_EXIT_INSIDE && inside;
        let _ = finish(stopping, deadline, (inside.into(), overlooked.into()));
        return;
    }
    tell_main(&stopping);
    stopping.join_boot_thread(deadline);
}

/// Steps 1 and 2; or, if there is nothing to end, sees to it that nobody waits for a boot who has asked before.
fn close_or_stop(library: &Library, deadline: Deadline) -> Result<Option<Stopping>, Failure> {
    // Even a timeout of zero gives a thread that has nothing left to do the time to end.
    let for_waiters = deadline.max(clock::after(THREADS_END));
    loop {
        let closed = close(library, deadline)?;
        if closed.is_some() || waiters::stop() {
            return Ok(closed);
        }
        if clock::left(for_waiters) == Some(Duration::ZERO) {
            return fail(
                Status::TimedOut,
                "the library's thread that waits for a start-up has not ended; call shutdown again",
            );
        }
        thread::pause();
    }
}

/// Steps 1 and 2.
fn close(library: &Library, deadline: Deadline) -> Result<Option<Stopping>, Failure> {
    let stopping = match shutdown::begin(library, deadline) {
        Ok(Some(stopping)) => stopping,
        Ok(None) => return Ok(None),
        Err(Status::TimedOut) => {
            return fail(
                Status::TimedOut,
                "start-up is under way and did not finish in time",
            );
        }
        Err(status) => {
            return fail(
                status,
                "called inside the dlopen that loads the library, or from the library's own start-up, which \
                 would deadlock",
            );
        }
    };
    // If the process begins to exit while we wait, its exit waits for us. Stop waiting, and leave the
    // remaining steps to the exit.
    Config::tell_parts(|part, _| part.closing(), deadline);
    let exits = page().end_has_begun();
    if exits {
        tell_main(&stopping);
    }
    match wait_for_calls(deadline, 0, &|| !exits && page().end_has_begun()) {
        Ok(()) => Ok(Some(stopping)),
        Err(inside) if page().end_has_begun() => {
            // Tell main here: the exit may have no time left for it.
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
            still_inside(
                Status::TimedOut,
                &inside,
                "the library keeps working as before",
            )
        }
    }
}

/// Waits for the calls and the guards inside, as [`in_flight::wait_for_calls`] does.
fn wait_for_calls(
    deadline: Deadline,
    but: usize,
    no_use: &dyn Fn() -> bool,
) -> Result<(), StillInside> {
    let calls = steps::begin();
    let left = in_flight::wait_for_calls(deadline, but, &|| {
        release_guards();
        no_use()
    });
    calls.ended(Step::Calls);
    left
}

const STAYS_CLOSED: &str = "the process is exiting, and the library stays closed";

fn still_inside<T>(status: Status, inside: &StillInside, then: &str) -> Result<T, Failure> {
    fail(status, &format!("{inside}; {then}"))
}

fn tell_main(_: &Stopping) {
    // SAFETY: we are the shutdown.
    if let Some(generation) = unsafe { Generation::present() } {
        generation.stop.set();
    }
}

/// Steps 3 to 6, with so many threads still inside, of which so many are not counted.
fn finish(
    stopping: Stopping,
    deadline: Deadline,
    (inside, overlooked): (usize, usize),
) -> Result<(), Failure> {
    // SAFETY: we are the shutdown.
    let generation = unsafe { Generation::present() };
    if let Some(generation) = generation {
        generation.stop.set();
        if is_lost(generation) {
            wait_for_lost(generation, deadline);
            Config::tell_parts(|part, deadline| part.closed(deadline), deadline);
            leave();
            Config::tell_parts(|part, deadline| part.ended(deadline), deadline);
            let over = parts_are_over(deadline);
            stopping.end();
            return over.or_else(|text| fail(Status::EndedBadly, &text));
        }
    }
    // If the boot thread runs no main, it is about to end. Even a timeout of zero gives it the time for that.
    let runs_main = needs_thread() && generation.is_some_and(Generation::has_state);
    let at_least = if runs_main {
        Duration::ZERO
    } else {
        THREADS_END
    };
    let main = steps::begin();
    let joined = stopping.join_boot_thread(deadline.max(clock::after(at_least)));
    main.ended(Step::Main);
    if !joined {
        // Dropping `stopping` leaves the gate closed, for the next shutdown to resume.
        return fail(
            Status::TimedOut,
            "the library's boot thread, which runs its main, was told to stop and has not ended; call \
             shutdown again to keep waiting",
        );
    }
    let number = page().number();
    Config::tell_parts(|part, deadline| part.closed(deadline), deadline);
    if check_not_forked(number).is_err() {
        return Ok(());
    }
    // The gate is closed, so the number can't grow.
    let left = in_flight::never_leave(inside).saturating_sub(overlooked);
    // SAFETY: we are the shutdown, the boot thread is joined, and no call is inside except one that the exit
    // of the process has interrupted. The threads that never leave were lent nothing but the state.
    let generation = unsafe { Generation::retire() };
    if generation.is_none() {
        Config::tell_parts(|part, deadline| part.ended(deadline), deadline);
    }
    let ended = match generation.map_or(Ok(Ok(())), |generation| end(generation, deadline, left)) {
        Ok(ended) => ended,
        // In the child there is nothing to end.
        Err(InChild) => return Ok(()),
    };
    let over = parts_are_over(deadline);
    stopping.end();
    ended
        .and(over)
        .or_else(|text| fail(Status::EndedBadly, &text))
}

/// The last step of every end: what the options of `#[rt0::init]` have added calls nobody any more.
pub(crate) fn parts_are_over(deadline: Deadline) -> Result<(), String> {
    let parts = Config::present().map_or(&[][..], |config| config.parts);
    if parts.is_empty() {
        return Ok(());
    }
    let step = steps::begin();
    let all = parts.iter().map(|part| part.over(deadline));
    let over = all.fold(Ok(()), Result::and);
    step.ended(Step::Parts);
    over.map_err(|text| format!("shut down, but {text}"))
}

fn fail<T>(status: Status, text: &str) -> Result<T, Failure> {
    Err(Failure::of_lifecycle("shutdown", status, text))
}

/// Claims the right to end the generation. Only one thread in a process can hold it.
fn claim(deadline: Deadline) -> Result<Claim, Failure> {
    match shutdown::claim(deadline) {
        Some(claim) => Ok(claim),
        None => fail(
            Status::TimedOut,
            "another thread is shutting the library down and did not finish in time",
        ),
    }
}
