//! A guard that can travel: for work that goes on when the call has returned, in a task or on another thread.

use std::panic::Location;

use rt0_core::generation::page;

use super::ready::Ready;
use crate::generation::state::{IsState, State};
use crate::in_flight::travelling::{Entry, Place};

/// Proof that the library is ready, which can move to tasks and other threads. A shutdown waits until it is
/// dropped, on whichever thread.
///
/// It is for work that goes on when the function that began it has returned: in a task of the host's event
/// loop, on a thread that the author makes. [`Ready::share`] and [`ready_async`](crate::ready_async) make it;
/// a clone counts on its own. A [`Ready`] costs less, and is enough inside one call. In tasks of the
/// library's own runtime and in main, use a [`SharedState`](crate::SharedState) instead: a shutdown ends
/// those tasks and tells main to stop, but only when nothing holds it off.
///
/// A `SharedReady` that is leaked, or held by a task that never ends, keeps the library from being shut down:
/// a shutdown waits until its deadline, and names the places where such guards were made. The exit of the process
/// waits for half of its time; [`rt0::on_exit`](crate::on_exit) says when it begins.
///
/// In a fork's child it still belongs to the parent's generation: [`state`](SharedReady::state) lends the
/// parent's state as it was at the fork, and nothing drops that state in the child. Wait for the child's own
/// with [`ready`](crate::ready()) there. The same holds in a library whose runtime was lost.
#[must_use = "the library may be shut down once this is dropped"]
pub struct SharedReady {
    entry: Entry,
    /// Where the state of the generation is that was entered.
    state: *const (),
}

// SAFETY: the pointer leads to a state of the author's, which is `Send` and `Sync` as `IsState` demands, and
// is only followed to lend it.
unsafe impl Send for SharedReady {}
// SAFETY: as above.
unsafe impl Sync for SharedReady {}

impl SharedReady {
    /// The library's state.
    pub fn state<T: IsState>(&self) -> State<'_, T> {
        // SAFETY: the entry holds off a shutdown as long as it counts. Where it does not, the state is never
        // dropped: it is that of a fork's parent, of a lost generation, or of one that has kept it because of
        // this guard.
        unsafe { State::at(self.state) }
    }
}

impl Clone for SharedReady {
    fn clone(&self) -> SharedReady {
        SharedReady {
            entry: self.entry.again(),
            state: self.state,
        }
    }
}

impl Ready {
    /// One more guard, which can move to tasks and other threads. This one stays what it is.
    #[track_caller]
    pub fn share(&self) -> SharedReady {
        self.share_at(Location::caller())
    }

    pub(super) fn share_at(&self, place: Place) -> SharedReady {
        // The number first: the boot thread of a lost generation may be left behind meanwhile.
        let number = page().number();
        let entry = match self.is_of_the_present() {
            true => Entry::new(number, place),
            // Nothing of a fork's parent is freed in the child.
            false => Entry::of_nothing(place),
        };
        SharedReady {
            entry,
            state: self.state_address(),
        }
    }
}
