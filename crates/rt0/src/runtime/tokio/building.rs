//! Prevents a hang when the system gives a runtime only some of its threads.
//!
//! If the operating system gives tokio's builder a first worker thread and refuses the second, the builder
//! panics. The unwinding then waits for the first worker, which nobody tells to end. So each thread of the
//! runtime waits at its very start, before it becomes a worker, until the build has succeeded or failed. If
//! it failed, the thread ends.
//!
//! In a library, our own panic hook reports the failure, because it runs before the unwinding. In a Rust
//! program that has the library among its dependencies, the hook is the program's, and we do not touch it.
//! There, and in the few cases in which a library has no hook, the threads that already exist give up the
//! build if it makes no progress for a while. If the builder finishes after that, it finds that the build was
//! given up, and fails.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rt0_core::fork::NoFork;
use rt0_core::sabotage;
use rt0_core::sync::{Deadline, Waited, Word, clock};

use crate::runtime::panic;

const DONE: u32 = 0;
const UNDER_WAY: u32 = 1;
const FAILED: u32 = 2;

/// The state of the present build. There is only one at a time, by the thread that has claimed the boot.
static BUILDING: Word = Word::new(DONE);

/// How many of the runtimes' threads have ever begun.
static BEGUN: AtomicU32 = AtomicU32::new(0);

/// Without a hook, how long a build may go without ending or starting another thread. Far longer than a
/// machine takes to make a thread.
const PATIENCE: Duration = Duration::from_secs(10);

thread_local! {
    /// Whether this thread is building a runtime.
    static BUILDING_HERE: Cell<bool> = const { Cell::new(false) };
}

/// Runs `build`, which builds a runtime, on this thread.
///
/// # Errors
/// The text of a panic, or that the build was given up.
pub(super) fn build<R>(build: impl FnOnce() -> R) -> Result<R, String> {
    if sabotage::NO_BUILDER_GUARD {
        return catch_unwind(AssertUnwindSafe(build)).map_err(panic::text);
    }
    if sabotage::NO_LASTING_HOOK {
        // What a boot would do that installs a hook each time.
        let _no_fork = NoFork::begin();
        std::panic::set_hook(std::panic::take_hook());
    }
    BUILDING_HERE.set(true);
    // In a fork's child this may still hold the parent's state. Only this thread begins a build.
    let former = BUILDING.load(Ordering::Relaxed);
    BUILDING.change(former, UNDER_WAY);
    let result = catch_unwind(AssertUnwindSafe(build)).map_err(panic::text);
    let in_time = !BUILDING_HERE.replace(false) || BUILDING.change(UNDER_WAY, DONE);
    BUILDING.wake_all();
    match result {
        Ok(_) if !in_time => Err(format!("it was not ready within {} s", PATIENCE.as_secs())),
        result => result,
    }
}

/// Called when a thread panics. If this thread is building, the build has failed.
pub(crate) fn panicking() {
    if BUILDING_HERE.replace(false) {
        give_up();
    }
}

fn give_up() {
    BUILDING.change(UNDER_WAY, FAILED);
    BUILDING.wake_all();
}

/// Called by each thread of the runtime before it does anything else. If the runtime was not built, this ends
/// the thread by unwinding, without calling the panic hook.
pub(super) fn wait() {
    // Relaxed, here and below: only the count matters; it publishes no other data.
    let mut begun = BEGUN.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
    let mut deadline = clock::after(PATIENCE);
    loop {
        // Acquire pairs with the Release in `change`.
        match BUILDING.load(Ordering::Acquire) {
            DONE => return,
            FAILED => resume_unwind(Box::new("the runtime of this thread was not built")),
            state if panic::is_hooked() => {
                BUILDING.wait(state, Deadline::Never);
            }
            state => {
                let waited = BUILDING.wait(state, deadline);
                let now = BEGUN.load(Ordering::Relaxed);
                if begun != now {
                    begun = now;
                    deadline = clock::after(PATIENCE);
                } else if waited == Waited::TimedOut {
                    give_up();
                }
            }
        }
    }
}
