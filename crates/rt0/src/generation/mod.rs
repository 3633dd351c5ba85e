//! What one boot has made. The core's generation page holds a pointer to it.
//!
//! A fork's child finds this pointer null, so a generation is never used or dropped in a process that did not
//! make it. A second pointer, [`LAST`], is outside the page and is never followed. It is for leak checkers:
//! when a child exits, they find through it what the parent has made.

pub(crate) mod handles;
#[cfg(feature = "tokio")]
pub(crate) mod held;
pub(crate) mod lost;
mod numbers;
pub(crate) mod state;

use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, OnceLock};

use rt0_core::generation::page;
use rt0_core::protocol::gate::State as GateState;
use rt0_core::sabotage;

use self::handles::Table;
use self::state::{IsState, SharedState};
use crate::config::AnyState;
use crate::in_flight::Inside;
use crate::runtime::stop_signal::Stop;
use crate::runtime::{Runtime, on_own_thread};

/// The generation made last, in this process or an ancestor. Its `before` points to the previous generation
/// that still exists, which in a fork's child is the parent's.
static LAST: AtomicPtr<Generation> = AtomicPtr::new(null_mut());

/// One generation of this library.
pub(crate) struct Generation {
    /// See [`LAST`].
    before: *mut Generation,
    /// The async runtime, if it has one. Empty once a shutdown has taken it.
    pub runtime: Runtime,
    /// What init returned; empty when it failed.
    state: Option<AnyState>,
    /// Tells main to stop.
    pub stop: Stop,
    /// The handles that hosts hold.
    pub handles: Table,
    /// Why boot failed, if it did.
    pub failure: Option<String>,
    /// How main failed, if it did.
    pub main_failure: OnceLock<String>,
}

impl Generation {
    pub fn new(runtime: Runtime) -> Box<Generation> {
        let mut generation = Box::new(Generation {
            before: null_mut(),
            runtime,
            state: None,
            stop: Stop::new(),
            handles: Table::new(),
            failure: None,
            main_failure: OnceLock::new(),
        });
        if !sabotage::NO_KEPT_GENERATION {
            // Relaxed: only the thread that has claimed the boot writes it, and nobody follows the pointer.
            generation.before = LAST.load(Ordering::Relaxed);
            LAST.store(&raw mut *generation, Ordering::Relaxed);
        }
        generation
    }

    /// Keeps what init returned.
    pub fn set_state(&mut self, state: AnyState) {
        self.state = Some(state);
    }

    /// The state, reference-counted.
    pub fn shared_state<T: IsState>(&self) -> SharedState<T> {
        let state = self.state.clone().and_then(|state| state.downcast().ok());
        SharedState::new(state.unwrap_or_else(|| other_type()))
    }

    /// Whether init has returned a state.
    pub fn has_state(&self) -> bool {
        self.state.is_some()
    }

    /// Makes this the present generation. The boot that calls this has not opened the gate yet.
    pub fn publish(self: Box<Self>) {
        let state = self.state.as_ref();
        let state = state.map_or(null(), |state| Arc::as_ptr(state).cast::<()>());
        // Release pairs with the Acquire in `hot::state`.
        page().state.store(state.cast_mut(), Ordering::Release);
        // Release pairs with the Acquire in `present` and `retire`. The gate's own Release, which follows,
        // would be enough.
        page()
            .user
            .store(Box::into_raw(self).cast(), Ordering::Release);
    }

    /// The present generation.
    ///
    /// # Safety
    /// A shutdown must be held off as long as the reference is used. That is so if the thread is announced in
    /// `in_flight` and has seen the gate open or failed since then, if it is the boot thread, which a
    /// shutdown joins, or if it is the shutdown itself.
    #[inline]
    pub unsafe fn present<'a>() -> Option<&'a Generation> {
        // Acquire pairs with the Release in `publish`.
        let generation = page().user.load(Ordering::Acquire).cast::<Generation>();
        // SAFETY: `publish` stored a box, which only `retire` frees: after the shutdown that our
        // caller holds off.
        unsafe { generation.as_ref() }
    }

    /// Takes the present generation off the page. The caller drops it, or keeps it if anything is still
    /// announced.
    ///
    /// # Safety
    /// Only the shutdown or the retry of a failed boot may call this, after the boot thread was joined and
    /// when every call still inside is one that never continues.
    pub unsafe fn retire() -> Option<Box<Generation>> {
        // Acquire pairs with the Release in `publish`.
        let generation = page()
            .user
            .swap(null_mut(), Ordering::Acquire)
            .cast::<Generation>();
        // SAFETY: `publish` stored a box; the swap makes us the only one to take it.
        (!generation.is_null()).then(|| unsafe { Box::from_raw(generation) })
    }

    /// Leaves the generation in memory forever, because its state was lent out for good.
    pub fn keep(self: Box<Self>) {
        Box::leak(self);
    }
}

impl Drop for Generation {
    fn drop(&mut self) {
        let this = &raw mut *self;
        // Relaxed: as in `new`. In a child another generation may have been made meanwhile, whose `before`
        // points here; `LAST` then stays as it is.
        let _ = LAST.compare_exchange(this, self.before, Ordering::Relaxed, Ordering::Relaxed);
    }
}

/// Called when the first call finds that the host has installed new signal handlers. All of the runtime's
/// threads must settle their signals before the call continues. A thread that waits for blocking tasks, or
/// has not begun yet, would not find out otherwise.
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

/// Can't be reached in a library that links: `#[rt0::init]` implements `IsState` for one type, and a library
/// with a second `#[rt0::init]` does not link.
#[cold]
fn other_type() -> ! {
    panic!("the library's state is of another type than this call asks for");
}
