//! Finds the runtime that this thread can use without passing the gate: the one that it belongs to, or the
//! one that rt0 has put at hand while it runs the author's code.

use std::cell::Cell;
use std::future::Future;
use std::ptr::NonNull;
use std::sync::Arc;
use std::time::Duration;

use rt0_core::generation::page;
use tokio::runtime::Handle;

use super::lost::Watch;
use super::waiting::{Waiting, wait_or_error};
use super::{Runtime, on_own_thread};
use crate::error::Error;

#[derive(Clone, Copy)]
struct AtHand {
    /// The runtime's generation. If the author's code forks, the child has a copy of this with the parent's
    /// number.
    number: u32,
    runtime: NonNull<Runtime>,
}

/// The runtime that this thread belongs to.
pub(crate) struct OwnRuntime {
    pub handle: Handle,
    watch: Arc<Watch>,
}

impl OwnRuntime {
    /// Records that this thread belongs to the runtime that tokio has entered on it. Called on a thread that
    /// tokio has just made.
    pub(super) fn set(watch: Arc<Watch>) {
        let handle = Handle::try_current().ok();
        let _ = OWN.try_with(|mine| mine.set(handle.map(|handle| OwnRuntime { handle, watch })));
    }

    /// Waits for a future on this thread. The thread must not drive the runtime, because the runtime waits
    /// for it.
    ///
    /// # Errors
    /// The time is over, or the runtime is lost.
    pub fn try_wait_for<F: Future>(
        &self,
        future: F,
        time: Option<Duration>,
    ) -> Result<F::Output, Error> {
        let waiting = Waiting {
            handle: &self.handle,
            runtime: None,
            watch: &self.watch,
        };
        wait_or_error(waiting, future, time)
    }
}

thread_local! {
    /// The runtime that [`Runtime::at_hand`] has put at hand here, and still borrows.
    static AT_HAND: Cell<Option<AtHand>> = const { Cell::new(None) };
    /// The runtime that this thread belongs to.
    static OWN: Cell<Option<OwnRuntime>> = const { Cell::new(None) };
}

/// Runs `f` with the runtime that is at hand on this thread, if it is of the present generation.
pub(crate) fn at_hand<R>(f: impl FnOnce(&Runtime) -> R) -> Option<R> {
    let at_hand = AT_HAND.get().filter(|at| at.number == page().number())?;
    // SAFETY: `Runtime::at_hand` has borrowed the runtime on this thread, and resets `AT_HAND` before the
    // borrow ends. A lost generation's runtime is never freed.
    Some(f(unsafe { at_hand.runtime.as_ref() }))
}

/// The runtime that this thread belongs to. `None` if the thread is not one of the present generation's.
pub(crate) fn own_runtime() -> Option<OwnRuntime> {
    if !on_own_thread() {
        return None;
    }
    let mine = OWN.try_with(|mine| {
        let taken = mine.take();
        let copy = taken.as_ref().map(|mine| OwnRuntime {
            handle: mine.handle.clone(),
            watch: mine.watch.clone(),
        });
        mine.set(taken);
        copy
    });
    mine.ok().flatten()
}

/// Whether tokio has made this thread for our runtime.
pub(crate) fn is_runtimes_thread() -> bool {
    own_runtime().is_some()
}

/// Whether tokio has made this thread for a runtime of ours that is lost by now, also if another generation has begun
/// since.
pub(crate) fn is_lost_runtimes_thread() -> bool {
    let is_lost = OWN.try_with(|mine| {
        let taken = mine.take();
        let is_lost = taken
            .as_ref()
            .is_some_and(|mine| mine.watch.is_marked_lost());
        mine.set(taken);
        is_lost
    });
    is_lost.unwrap_or(false)
}

/// The watch over the runtime that this thread has at hand or belongs to.
pub(crate) fn runtime_here() -> Option<Arc<Watch>> {
    at_hand(|runtime| runtime.watch.clone()).or_else(|| own_runtime().map(|mine| mine.watch))
}

impl Runtime {
    /// Like [`enter`](Runtime::enter), but `rt0::block_on` and `rt0::handle` also use this runtime on this
    /// thread, although the gate is closed. Held while rt0 itself runs the author's code.
    pub fn at_hand(&self) -> impl Sized + '_ {
        struct PutBack(Option<AtHand>);
        impl Drop for PutBack {
            fn drop(&mut self) {
                AT_HAND.set(self.0);
            }
        }
        let at_hand = self.tokio.is_some().then(|| AtHand {
            number: self.watch.number,
            runtime: NonNull::from(self),
        });
        let put_back = PutBack(AT_HAND.replace(at_hand));
        (put_back, self.enter())
    }
}
