//! Which runtime this thread can use without passing the gate: the one it belongs to, or the one that rt0 has put at
//! hand around code of the author's.

use std::cell::Cell;
use std::future::Future;
use std::ptr::NonNull;
use std::sync::Arc;
use std::time::Duration;

use rt0_core::generation::page;
use tokio::runtime::Handle;

use super::lost::Watch;
use super::waiting::{Waiting, whole};
use super::{Runtime, on_own_thread};
use crate::error::Error;

#[derive(Clone, Copy)]
struct AtHand {
    /// Of which generation: a child of the author's code that forks has a copy of its parent's.
    number: u32,
    runtime: NonNull<Runtime>,
}

/// The runtime of a thread of its own.
pub(crate) struct Mine {
    pub handle: Handle,
    watch: Arc<Watch>,
}

impl Mine {
    /// This thread belongs to the runtime that tokio has entered on it: a thread that tokio has just made for it.
    pub(super) fn set(watch: Arc<Watch>) {
        let handle = Handle::try_current().ok();
        let _ = MINE.try_with(|mine| mine.set(handle.map(|handle| Mine { handle, watch })));
    }

    /// Waits for a future on this thread, which must not drive the runtime: that waits for it.
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
        whole(waiting, future, time)
    }
}

thread_local! {
    /// The runtime that [`Runtime::at_hand`] has been called for, and is borrowed for.
    static AT_HAND: Cell<Option<AtHand>> = const { Cell::new(None) };
    /// The runtime whose thread this is.
    static MINE: Cell<Option<Mine>> = const { Cell::new(None) };
}

/// Runs `f` with the runtime that is at hand here, if one of the present generation is.
pub(crate) fn at_hand<R>(f: impl FnOnce(&Runtime) -> R) -> Option<R> {
    let at_hand = AT_HAND.get().filter(|at| at.number == page().number())?;
    // SAFETY: `at_hand` has borrowed it on this thread, and takes it back before the borrow ends. Where the
    // generation is lost it is never freed.
    Some(f(unsafe { at_hand.runtime.as_ref() }))
}

/// What a thread of the present generation's runtime can wait with. `None`: it is none.
pub(crate) fn mine() -> Option<Mine> {
    if !on_own_thread() {
        return None;
    }
    let mine = MINE.try_with(|mine| {
        let taken = mine.take();
        let copy = taken.as_ref().map(|mine| Mine {
            handle: mine.handle.clone(),
            watch: mine.watch.clone(),
        });
        mine.set(taken);
        copy
    });
    mine.ok().flatten()
}

/// Whether this is a thread that tokio has made for a runtime of ours.
pub(crate) fn is_runtimes_thread() -> bool {
    mine().is_some()
}

/// The runtime that this thread belongs to, or has at hand.
pub(crate) fn runtime_here() -> Option<Arc<Watch>> {
    at_hand(|runtime| runtime.watch.clone()).or_else(|| mine().map(|mine| mine.watch))
}

impl Runtime {
    /// The same as [`enter`](Runtime::enter), and `block_on` and `handle` find it on this thread although
    /// the gate is closed: around code of the author's that rt0 itself runs.
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
