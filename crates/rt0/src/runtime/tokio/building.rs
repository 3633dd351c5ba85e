//! Keeps a runtime that gets only some of its threads from hanging.
//!
//! When the operating system gives tokio's builder a first worker thread and refuses the second, the
//! builder panics, and the panic's unwinding waits for the first worker, which nobody tells to end. So
//! each thread of the runtime waits at its very start, before it is a worker, until it is known how
//! the building went; if it went wrong, the thread ends.
//!
//! In a library its own panic hook tells it, for that runs before the unwinding. In a Rust program that has
//! the library among its dependencies the hook is the program's, and is not touched: there, and in the few
//! cases in which a library has no hook, the threads that are there give the building up when nothing has
//! come of it for a while. The builder then finds it so, whichever of the two was too early.

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

/// How the present building goes. There is one at a time: whoever has claimed the boot builds.
static BUILDING: Word = Word::new(DONE);

/// How many threads have begun, ever.
static BEGUN: AtomicU32 = AtomicU32::new(0);

/// How long nothing may come of a building without a hook: no end of it, and no further thread. Far longer
/// than a machine takes to make one.
const PATIENCE: Duration = Duration::from_secs(10);

thread_local! {
    static HERE: Cell<bool> = const { Cell::new(false) };
}

/// Builds on this thread.
///
/// # Errors
/// It panicked, or came to nothing: the text.
pub(super) fn build<R>(build: impl FnOnce() -> R) -> Result<R, String> {
    if sabotage::NO_BUILDER_GUARD {
        return catch_unwind(AssertUnwindSafe(build)).map_err(panic::text);
    }
    if sabotage::NO_LASTING_HOOK {
        // As a boot would that puts up a hook of its own.
        let _no_fork = NoFork::begin();
        std::panic::set_hook(std::panic::take_hook());
    }
    HERE.set(true);
    // A fork's child may find here what its parent was doing; and only this thread begins a building.
    let former = BUILDING.load(Ordering::Relaxed);
    BUILDING.change(former, UNDER_WAY);
    let result = catch_unwind(AssertUnwindSafe(build)).map_err(panic::text);
    let in_time = !HERE.replace(false) || BUILDING.change(UNDER_WAY, DONE);
    BUILDING.wake_all();
    match result {
        Ok(_) if !in_time => Err(format!("it was not ready within {} s", PATIENCE.as_secs())),
        result => result,
    }
}

/// Some thread panics: if it is the one that builds, the building has failed.
pub(crate) fn panicking() {
    if HERE.replace(false) {
        give_up();
    }
}

fn give_up() {
    BUILDING.change(UNDER_WAY, FAILED);
    BUILDING.wake_all();
}

/// Called by each thread of the runtime before it does anything. Ends the thread, by unwinding that no hook
/// hears of, when the runtime was not built.
pub(super) fn wait() {
    // Relaxed, here and below: a sign of life, not a message.
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
