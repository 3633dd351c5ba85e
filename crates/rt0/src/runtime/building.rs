//! Keeps a runtime that gets only some of its threads from hanging.
//!
//! When the operating system gives tokio's builder a first worker thread and refuses the second, the
//! builder panics, and the panic's unwinding waits for the first worker, which nobody tells to end. So
//! each thread of the runtime waits at its very start, before it is a worker, until it is known how
//! the building went; if it went wrong, the thread ends. The panic hook is what tells it: it runs
//! before the unwinding.

use std::cell::Cell;
use std::sync::atomic::Ordering;

use rt0_core::sync::{Deadline, Word};

const DONE: u32 = 0;
const UNDER_WAY: u32 = 1;
const FAILED: u32 = 2;

/// How the present building goes. There is one at a time: whoever has claimed the boot builds.
static BUILDING: Word = Word::new(DONE);

thread_local! {
    static HERE: Cell<bool> = const { Cell::new(false) };
}

/// Builds on this thread.
pub(super) fn build<R>(build: impl FnOnce() -> R) -> R {
    HERE.set(true);
    move_to(UNDER_WAY);
    let result = build();
    move_to(DONE);
    HERE.set(false);
    result
}

/// Called by the panic hook.
pub(crate) fn panicked() {
    if HERE.replace(false) {
        move_to(FAILED);
    }
}

/// Called by each thread of the runtime before it does anything.
///
/// # Panics
/// When the runtime was not built: it ends the thread. Nobody sees it: the hook prints nothing.
pub(super) fn wait() {
    loop {
        // Acquire pairs with the Release in `move_to`.
        match BUILDING.load(Ordering::Acquire) {
            DONE => return,
            FAILED => panic!("the runtime that this thread was made for could not be built"),
            state => {
                BUILDING.wait(state, Deadline::Never);
            }
        }
    }
}

fn move_to(state: u32) {
    // A fork's child may find here what its parent was doing; and only this thread changes it.
    let former = BUILDING.load(Ordering::Relaxed);
    BUILDING.change(former, state);
    BUILDING.wake_all();
}
