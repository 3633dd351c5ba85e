//! The loader barrier: while some thread is inside the `dlopen` that loads the library, the boot thread waits for
//! it, and so can't be joined.

use rt0_abi::Status;

use crate::generation::page;
use crate::platform::kernel;
use crate::platform::thread::pause;
use crate::protocol::gate::State;
use crate::sabotage;
use crate::sync::Deadline;

/// After how long without a sign of the boot thread a shutdown takes it to be stuck behind the loader.
const INSIDE_NANOS: u64 = 1_000_000_000;

/// How often a shutdown looks whether there is a new boot thread.
const LOOK_NANOS: u64 = 10_000_000;

/// Remembers that this thread runs the constructor, also where the boot comes later: a constructor of
/// another library can call us inside the same `dlopen`. The boot thread forgets it again; one that a
/// call before the constructor has begun knows nothing of it, and would not.
pub(crate) fn in_constructor() {
    let begun = page().thread() != 0 || page().gate.state() != State::Cold;
    if !begun || sabotage::NO_BEGUN_CHECK {
        page().set_constructor_thread(kernel::this_thread());
    }
}

/// Waits until the boot thread has passed the loader barrier, where there is one: before that it can't be
/// joined. It may be this very thread that it waits for, inside the `dlopen` that loads the library.
///
/// # Errors
/// [`Status::WouldDeadlock`] when that seems to be so: the boot thread has not shown up in all that
/// time. [`Status::TimedOut`] when the deadline comes first, because of some other thread's `dlopen`.
pub(crate) fn outside_dlopen(deadline: Deadline) -> Result<(), Status> {
    let me = kernel::this_thread();
    let sure = kernel::monotonic() + INSIDE_NANOS;
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

/// Whether there is a boot thread that some thread's `dlopen` holds up.
pub(crate) fn is_boot_thread_at_barrier() -> bool {
    page().thread() != 0 && page().has_constructor_thread()
}

/// Until when a shutdown can wait before it asks [`outside_dlopen`] again: a boot thread may be made
/// meanwhile, and wait for this very thread.
pub(crate) fn next_look() -> Deadline {
    if page().has_constructor_thread() {
        Deadline::At(kernel::monotonic() + LOOK_NANOS)
    } else {
        Deadline::Never
    }
}
