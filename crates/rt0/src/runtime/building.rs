//! Keeps a runtime that gets only some of its threads from hanging.
//!
//! When the operating system gives tokio's builder a first worker thread and refuses the second, the
//! builder panics, and the panic's unwinding waits for the first worker, which nobody tells to end. So
//! each thread of the runtime waits at its very start, before it is a worker, until it is known how
//! the building went; if it went wrong, the thread ends. A panic hook tells it, for that runs before
//! the unwinding; it is there only while a runtime is being built.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use rt0_core::sync::{Deadline, Word};

use crate::panic;

const DONE: u32 = 0;
const UNDER_WAY: u32 = 1;
const FAILED: u32 = 2;

/// How the present building goes. There is one at a time: whoever has claimed the boot builds.
static BUILDING: Word = Word::new(DONE);

thread_local! {
    static HERE: Cell<bool> = const { Cell::new(false) };
}

/// Builds on this thread.
///
/// # Errors
/// It panicked: the text.
pub(super) fn build<R>(build: impl FnOnce() -> R) -> Result<R, String> {
    let former = Arc::new(Mutex::new(take_hook()));
    set_hook(Box::new({
        let former = former.clone();
        move |info| {
            if HERE.replace(false) {
                move_to(FAILED);
            }
            former.lock().unwrap_or_else(PoisonError::into_inner)(info);
        }
    }));
    HERE.set(true);
    move_to(UNDER_WAY);
    let result = catch_unwind(AssertUnwindSafe(build));
    if HERE.replace(false) {
        move_to(DONE);
    }
    // The hook that was there comes back as it was.
    drop(take_hook());
    if let Some(former) = Arc::into_inner(former) {
        set_hook(former.into_inner().unwrap_or_else(PoisonError::into_inner));
    }
    result.map_err(panic::text)
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
