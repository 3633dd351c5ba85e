//! The loader barrier. While some thread is inside the `dlopen` that loads the library, the boot thread waits
//! for it, and so can't be joined.

use rt0_abi::Status;

use crate::generation::page;
use crate::platform::kernel;
use crate::platform::thread::pause;
use crate::protocol::gate::State;
use crate::sabotage;
use crate::sync::Deadline;

/// How many pauses, of a millisecond each, the thread that ran the constructor waits for the boot thread to
/// pass the barrier before it assumes that it is still inside that `dlopen`. It can't know: another thread's
/// `dlopen` holds up the boot thread just the same, for as long as that takes. The pauses are counted and not
/// timed, because on a busy machine each takes longer, as does everything that the boot thread waits for.
const STUCK_PAUSES: u32 = if sabotage::NO_PATIENCE { 900 } else { 5_000 };

/// After this time it assumes so in any case: on some systems a pause takes several times as long.
const STUCK_NANOS: u64 = 30_000_000_000;

/// How many such pauses a retry waits for the boot thread to pass the barrier.
const RETRY_PAUSES: u32 = if sabotage::NO_LATE_WAIT { 0 } else { 500 };

/// How often a shutdown checks for a new boot thread.
const CHECK_NANOS: u64 = 10_000_000;

/// Notes that this thread runs the constructor. This is noted also when the boot comes later, because a
/// constructor of another library can call us inside the same `dlopen`. The boot thread clears the note. A
/// boot thread that was made by a call before the constructor ran does not know of it and would not clear it,
/// so nothing is noted then.
pub(crate) fn note_constructor_thread() {
    let begun = page().thread() != 0 || page().gate.state() != State::Cold;
    if !begun || sabotage::NO_BEGUN_CHECK {
        page().set_constructor_thread(kernel::this_thread());
    }
}

/// Waits until the boot thread has passed the loader barrier, if it has one to pass. Before that it can't be
/// joined. The boot thread may be waiting for this very thread, inside the `dlopen` that loads the library.
///
/// # Errors
/// [`Status::WouldDeadlock`]: that seems to be the case, because the boot thread has not passed the barrier
/// for some seconds. [`Status::TimedOut`]: the deadline came first.
pub(crate) fn wait_past_barrier(deadline: Deadline) -> Result<(), Status> {
    if !is_boot_thread_at_barrier() {
        return Ok(());
    }
    let me = kernel::this_thread();
    let sure = kernel::monotonic() + STUCK_NANOS;
    wait_until_past(deadline, |pauses, now| {
        (pauses >= STUCK_PAUSES || now >= sure) && page().is_constructor_thread(me)
    })
}

/// Waits for the boot thread to pass the loader barrier, if it has one to pass, so that a retry can join it.
/// This waits only briefly, because the `dlopen` that holds up the boot thread may itself wait for this call,
/// or be on this thread. Usually that `dlopen` is over, and the boot thread just had no processor: on a busy
/// machine, another thread's boot can be over before the boot thread gets that far.
pub(crate) fn passes_barrier_soon(deadline: Deadline) -> bool {
    wait_until_past(deadline, |pauses, _| pauses >= RETRY_PAUSES).is_ok()
}

/// Waits until no boot thread is at the barrier, or until `is_stuck` says so of this many pauses and this time.
fn wait_until_past(deadline: Deadline, is_stuck: impl Fn(u32, u64) -> bool) -> Result<(), Status> {
    let mut pauses = 0;
    while is_boot_thread_at_barrier() {
        let now = kernel::monotonic();
        if is_stuck(pauses, now) {
            return Err(Status::WouldDeadlock);
        }
        if Deadline::At(now) >= deadline {
            return Err(Status::TimedOut);
        }
        pause();
        pauses = pauses.saturating_add(1);
    }
    Ok(())
}

/// Whether some thread's `dlopen` holds up a boot thread.
fn is_boot_thread_at_barrier() -> bool {
    page().thread() != 0 && page().has_constructor_thread()
}

/// How long a shutdown can wait before it calls [`wait_past_barrier`] again: meanwhile a boot thread may be
/// made that waits for this very thread.
pub(crate) fn next_barrier_check() -> Deadline {
    if page().has_constructor_thread() {
        Deadline::At(kernel::monotonic() + CHECK_NANOS)
    } else {
        Deadline::Never
    }
}
