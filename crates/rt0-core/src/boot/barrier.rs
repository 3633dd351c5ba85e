//! The loader barrier. While some thread is inside the `dlopen` that loads the library, the boot thread waits
//! for it, and so can't be joined.

use rt0_abi::Status;

use crate::generation::page;
use crate::platform::kernel;
use crate::platform::thread::pause;
use crate::protocol::gate::State;
use crate::sabotage;
use crate::sync::Deadline;

/// How long a shutdown waits for the boot thread to pass the barrier before it assumes that the thread is
/// stuck behind the loader.
const STUCK_NANOS: u64 = 1_000_000_000;

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
/// in all that time. [`Status::TimedOut`]: the deadline came first, because another thread is inside a
/// `dlopen`.
pub(crate) fn wait_past_barrier(deadline: Deadline) -> Result<(), Status> {
    let me = kernel::this_thread();
    let sure = kernel::monotonic() + STUCK_NANOS;
    while is_boot_thread_at_barrier() {
        let now = kernel::monotonic();
        if now >= sure && page().is_constructor_thread(me) {
            return Err(Status::WouldDeadlock);
        }
        if Deadline::At(now) >= deadline {
            return Err(Status::TimedOut);
        }
        pause();
    }
    Ok(())
}

/// Whether some thread's `dlopen` holds up a boot thread.
pub(crate) fn is_boot_thread_at_barrier() -> bool {
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
