//! What one boot has made: it hangs on the core's generation page.
//!
//! The page holds a pointer. A fork's child finds it null, so that nothing here is ever looked at, or
//! dropped, in a process that did not make it. A second pointer stands beside the page, which nobody follows:
//! a checker of leaks, which looks at a child that exits, finds that what its parent has made is reached.

use std::any::TypeId;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, OnceLock};

use rt0_core::generation::page;
use rt0_core::sabotage;

use self::state::{IsState, SharedState, State};
use crate::call::handle::Table;
use crate::config::AnyState;
use crate::exit;
use crate::in_flight::Inside;
use crate::runtime::Runtime;
use crate::runtime::stop_signal::Stop;

pub(crate) mod numbers;
pub(crate) mod state;

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

    /// The present one, when this thread is inside a call: a shutdown, which may have begun, waits for
    /// the end of that, and of what is given here. Not on the thread that ends the process inside a call:
    /// that one is not waited for.
    #[cfg_attr(not(feature = "tokio"), allow(dead_code))]
    pub fn hold_here() -> Option<Held> {
        if !Inside::already() || exit::called_here() || sabotage::NO_HELD_RUNTIME {
            return None;
        }
        // The thread is announced already, and saw the gate open when it was: it is not asked again.
        let own = Inside::enter_at_once(|| true)?;
        // SAFETY: `own` holds a shutdown off for as long as it is there, and so does what the thread has
        // been announced by until then.
        let generation = unsafe { Generation::present() }?;
        Some(Held {
            own: (!sabotage::NO_OWN_ANNOUNCEMENT).then_some(own),
            generation,
        })
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

/// A generation that is used inside a call, with an announcement of its own.
#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
pub(crate) struct Held {
    #[expect(dead_code, reason = "held for its drop")]
    own: Option<Inside>,
    generation: &'static Generation,
}

#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
impl Held {
    pub fn generation(&self) -> &Generation {
        self.generation
    }
}

/// Can't be reached from a library that was linked: `IsState` is implemented by `#[rt0::init]`, for
/// one type, and a second one does not link.
#[cold]
fn other_type() -> ! {
    panic!("the library's state is of another type than this call asks for");
}
