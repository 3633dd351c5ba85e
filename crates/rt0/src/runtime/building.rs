//! Keeps a runtime that gets only some of its threads from hanging.
//!
//! When the operating system gives tokio's builder a first worker thread and refuses the second, the
//! builder panics, and the panic's unwinding waits for the first worker, which nobody tells to end. So
//! each thread of the runtime waits at its very start, before it is a worker, until it is known how
//! the building went; if it went wrong, the thread ends. A panic hook tells it, for that runs before
//! the unwinding; it is there only while a runtime is being built.
//!
//! In a fork's child it is not put up: std keeps hooks behind a lock, which a thread of the parent's that
//! was panicking just then holds for ever. There the library's own hook, inherited, tells it.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use rt0_core::sync::{Deadline, Word};
use rt0_core::{generation, sabotage};

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
    if sabotage::NO_BUILDER_GUARD {
        return catch_unwind(AssertUnwindSafe(build)).map_err(panic::text);
    }
    let inherited = generation::in_fork_child() && panic::is_hooked();
    let hook =
        (sabotage::NO_LASTING_HOOK || !inherited).then(|| panic::while_no_fork(Hook::put_up));
    HERE.set(true);
    move_to(UNDER_WAY);
    let result = catch_unwind(AssertUnwindSafe(build));
    if HERE.replace(false) {
        move_to(DONE);
    }
    if let Some(hook) = hook {
        panic::while_no_fork(|| hook.take_down());
    }
    result.map_err(panic::text)
}

/// A panic hook for the time of a building, with the one that was there before it.
struct Hook(Arc<Mutex<Former>>);

type Former = Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send>;

impl Hook {
    fn put_up() -> Hook {
        let former = Arc::new(Mutex::new(take_hook()));
        set_hook(Box::new({
            let former = former.clone();
            move |info| {
                panicking();
                former.lock().unwrap_or_else(PoisonError::into_inner)(info);
            }
        }));
        Hook(former)
    }

    /// The hook that was there comes back as it was.
    fn take_down(self) {
        drop(take_hook());
        if let Some(former) = Arc::into_inner(self.0) {
            set_hook(former.into_inner().unwrap_or_else(PoisonError::into_inner));
        }
    }
}

/// Some thread panics: if it is the one that builds, the building has failed.
pub(crate) fn panicking() {
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
