//! What one boot has made: it hangs on the core's generation page.
//!
//! The page holds a pointer. A fork's child finds it null, so that nothing here is ever looked at, or
//! dropped, in a process that did not make it. A second pointer, beside the page, is
//! never followed: by it a leak checker in a child that exits finds what the parent has made.

pub(crate) mod handles;
#[cfg(feature = "tokio")]
pub(crate) mod held;
pub(crate) mod lost;
mod numbers;
pub(crate) mod state;

use std::any::TypeId;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, OnceLock};

use rt0_core::generation::page;
use rt0_core::protocol::gate::State as GateState;
use rt0_core::sabotage;

use self::handles::Table;
use self::state::{IsState, SharedState, State};
use crate::config::AnyState;
use crate::in_flight::Inside;
use crate::runtime::stop_signal::Stop;
use crate::runtime::{Runtime, on_own_thread};

/// The generation made last, in this process or an ancestor; its `before` leads to the one before it that is
/// still there: its parent's, in a fork's child.
static LAST: AtomicPtr<Generation> = AtomicPtr::new(null_mut());

/// One generation of this library.
pub(crate) struct Generation {
    /// See [`LAST`].
    before: *mut Generation,
    /// The async runtime, if it has one. Empty once a shutdown has taken it.
    pub runtime: Runtime,
    /// What init returned; empty when it failed.
    state: Option<AnyState>,
    /// Where that is, for calls that are in a hurry.
    place: Place,
    /// Tells main to stop.
    pub stop: Stop,
    /// The handles that hosts hold.
    pub handles: Table,
    /// Why boot failed, if it did.
    pub failure: Option<String>,
    /// How main ended, if it did and not well.
    pub main_failure: OnceLock<String>,
}

/// Where a generation's state is, and of what type. A guard keeps it: the present generation is another
/// when the process has been forked meanwhile, and none when it exits.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    at: *const (),
    of: TypeId,
}

impl Place {
    /// The state, borrowed.
    ///
    /// # Safety
    /// The state is there for all of `'a`.
    #[inline(always)]
    pub unsafe fn state<'a, T: IsState>(self) -> State<'a, T> {
        if self.of != TypeId::of::<T>() || self.at.is_null() {
            other_type();
        }
        // SAFETY: `at` leads to what the generation's `state` holds, which our caller says is there, and
        // it is a `T`.
        State::new(unsafe { &*self.at.cast::<T>() })
    }
}

impl Generation {
    pub fn new(runtime: Runtime) -> Box<Generation> {
        let mut generation = Box::new(Generation {
            before: null_mut(),
            runtime,
            state: None,
            place: Place {
                at: null(),
                of: TypeId::of::<()>(),
            },
            stop: Stop::new(),
            handles: Table::new(),
            failure: None,
            main_failure: OnceLock::new(),
        });
        if !sabotage::NO_KEPT_GENERATION {
            // Relaxed: whoever has claimed the boot is the only one to write it, and nobody follows it.
            generation.before = LAST.load(Ordering::Relaxed);
            LAST.store(&raw mut *generation, Ordering::Relaxed);
        }
        generation
    }

    /// Keeps what init returned.
    pub fn set_state(&mut self, state: AnyState) {
        self.place = Place {
            at: Arc::as_ptr(&state).cast(),
            of: (*state).type_id(),
        };
        self.state = Some(state);
    }

    /// The state, borrowed.
    #[inline(always)]
    pub fn state<T: IsState>(&self) -> State<'_, T> {
        // SAFETY: `state` holds it for as long as `self` is there.
        unsafe { self.place.state() }
    }

    /// Where the state is.
    #[inline(always)]
    pub fn place(&self) -> Place {
        self.place
    }

    /// The state, counted.
    pub fn shared_state<T: IsState>(&self) -> SharedState<T> {
        let state = self.state.clone().and_then(|state| state.downcast().ok());
        SharedState::new(state.unwrap_or_else(|| other_type()))
    }

    /// Whether init has returned a state.
    pub fn has_state(&self) -> bool {
        self.state.is_some()
    }

    /// Makes it the present one. The boot that calls this has not yet opened the gate.
    pub fn publish(self: Box<Self>) {
        // Release, though the gate's own Release, which follows, would do.
        page()
            .user
            .store(Box::into_raw(self).cast(), Ordering::Release);
    }

    /// The present one.
    ///
    /// # Safety
    /// For as long as the reference is used, a shutdown must be held off: the thread is announced in
    /// `inflight` and has seen the gate open or failed since; or it is the boot thread, which a
    /// shutdown joins; or it is the shutdown.
    #[inline]
    pub unsafe fn present<'a>() -> Option<&'a Generation> {
        // Acquire pairs with the Release in `publish`.
        let generation = page().user.load(Ordering::Acquire).cast::<Generation>();
        // SAFETY: `publish` stored a box, which only `retire` frees: after the shutdown that our
        // caller holds off.
        unsafe { generation.as_ref() }
    }

    /// Takes the present one away, to be dropped; or kept, if anything is still announced.
    ///
    /// # Safety
    /// Only the shutdown, or the retry of a failed boot, when no call is inside that will go on, and the
    /// boot thread is joined.
    pub unsafe fn retire() -> Option<Box<Generation>> {
        // Acquire pairs with the Release in `publish`.
        let generation = page()
            .user
            .swap(null_mut(), Ordering::Acquire)
            .cast::<Generation>();
        // SAFETY: `publish` stored a box; the swap makes us the only one to take it.
        (!generation.is_null()).then(|| unsafe { Box::from_raw(generation) })
    }

    /// Leaves it in memory for ever: somebody was lent its state for good.
    pub fn keep(self: Box<Self>) {
        Box::leak(self);
    }
}

impl Drop for Generation {
    fn drop(&mut self) {
        let this = &raw mut *self;
        // Relaxed: as above. In a child another may have been made meanwhile, which leads here.
        let _ = LAST.compare_exchange(this, self.before, Ordering::Relaxed, Ordering::Relaxed);
    }
}

/// The first call has found out that the host has handlers which it had not before: all threads of the runtime
/// are to know before the call goes on. A thread that waits for blocking tasks, or has yet to begin, would
/// not be told otherwise.
pub(crate) fn settle_signals() {
    if on_own_thread() || sabotage::NO_MEETING {
        return;
    }
    if let Some(_inside) = Inside::enter(|| page().gate.state().reported() == GateState::Ready) {
        // SAFETY: `_inside` holds a shutdown off.
        if let Some(generation) = unsafe { Generation::present() } {
            generation.runtime.settle_signals();
        }
    }
}

/// Can't be reached from a library that was linked: `IsState` is implemented by `#[rt0::init]`, for
/// one type, and a second one does not link.
#[cold]
fn other_type() -> ! {
    panic!("the library's state is of another type than this call asks for");
}
