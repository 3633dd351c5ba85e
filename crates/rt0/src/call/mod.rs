//! One call from a host: past the gate, into the author's function, back with a value or an error.
//!
//! A [`Call`] has passed the gate. `arg` and `handle` turn what the host passes into Rust values, and `types`
//! lists the types that can be passed. `buffer` and `answer` return results to the host. `ready` is the gate
//! alone, `outside` the gate with a lock of the host's released, `refused` the error of both in the author's
//! type.

pub mod answer;
pub mod arg;
pub mod buffer;
pub mod code_of;
pub mod handle;
pub mod look;
#[cfg(feature = "tokio")]
pub mod on_runtime;
pub mod outside;
pub mod ready;
pub mod ready_async;
pub mod refused;
pub mod shared_ready;
pub mod types;
pub mod waiters;
pub mod when_ready;

use std::ptr::null;

use rt0_core::{Library, Status, fork, generation, sabotage};

use crate::failure::Failure;
use crate::generation::Generation;
use crate::generation::state::{IsState, SharedState, State};
use crate::in_flight::{self, InCall};
use crate::platform::locals;

const FORKED_INSIDE: &str = "the process was forked inside this call, and this is the child: the parent's \
    library can't give out a handle here; call again";

/// A call that has passed the gate.
pub struct Call {
    inside: Option<InCall>,
}

impl Call {
    /// Passes the gate if it is open. For a call that does not use the generation this is one load, one
    /// compare, one branch. With `uses_generation`, a shutdown waits for the call to end. If this returns
    /// `None`, call [`Call::wait`] and try again.
    ///
    /// # Safety
    /// `uses_generation` must be true if the call uses the state, the runtime or a handle.
    #[inline(always)]
    pub unsafe fn hot(uses_generation: bool) -> Option<Call> {
        if uses_generation {
            InCall::enter(generation::is_ready).map(Call::inside)
        } else if generation::is_ready() {
            Some(Call { inside: None })
        } else {
            None
        }
    }

    /// The cold half of the gate. When it returns `Ok`, try the hot half again.
    #[inline(always)]
    pub fn wait(uses_generation: bool) -> Result<(), Failure> {
        let library = rt0_core::library::certainly_this_library();
        wait(library)?;
        // Only after the gate: if the gate gives an error, there may be no memory.
        if uses_generation {
            prepare_thread(library)?;
        }
        Ok(())
    }

    /// Called after the hot half, when the cold half has called it.
    #[inline(always)]
    pub fn late(uses_generation: bool) {
        if uses_generation {
            in_flight::late();
        }
    }

    /// A call that has announced nothing, for one that uses nothing of a generation.
    #[cfg_attr(not(feature = "tokio"), allow(dead_code))]
    pub(crate) const fn alone() -> Call {
        Call { inside: None }
    }

    /// A call that has already announced itself.
    #[inline(always)]
    pub(crate) fn inside(inside: InCall) -> Call {
        Call {
            inside: Some(inside),
        }
    }

    /// The state, borrowed for this call.
    #[inline(always)]
    pub fn state<T: IsState>(&self) -> State<'_, T> {
        // (A panic in place of null would keep the call in memory, for its landing pad.)
        let state = self.inside.as_ref().map_or(null(), |inside| inside.state);
        // SAFETY: a call that uses the state has announced itself, as `hot` demands. That holds a shutdown
        // off, and it has found the state.
        unsafe { State::at(state) }
    }

    /// The state, reference-counted.
    pub fn shared_state<T: IsState>(&self) -> SharedState<T> {
        self.generation().shared_state()
    }

    /// Makes the library's runtime the one that tokio's free functions use, until the result is dropped.
    pub fn enter_runtime(&self) -> impl Sized + '_ {
        self.generation().runtime.enter()
    }

    /// The generation that the call has entered. Use it only before the author's function runs. That function
    /// may fork, and the call then also continues in the child, which has another generation or none.
    #[inline(always)]
    pub(crate) fn generation(&self) -> &Generation {
        debug_assert!(
            self.inside.is_some(),
            "the expansion asked for a generation"
        );
        // SAFETY: `inside` holds a shutdown off.
        unsafe { Generation::present() }.expect("a gate that is open has a generation")
    }

    /// The same generation, for use after the author's function has run. `subject` names the call in the
    /// error.
    pub(crate) fn generation_if_present(
        &self,
        subject: &'static str,
    ) -> Result<&Generation, Failure> {
        let here = self.inside.as_ref().is_some_and(InCall::is_of_the_present);
        if here || sabotage::NO_KEPT_ENTRY {
            return Ok(self.generation());
        }
        // In this child the parent's generation has ended, as if by a shutdown, and the next call boots;
        // unless nothing can be started in this child.
        let status = fork::check().err().unwrap_or(Status::Stopped);
        Err(Failure::new(subject, status, FORKED_INSIDE))
    }
}

#[cold]
#[inline(never)]
fn prepare_thread(library: &Library) -> Result<(), Failure> {
    locals::check(library)?;
    in_flight::prepare_thread();
    Ok(())
}

#[cold]
#[inline(never)]
fn wait(library: &'static Library) -> Result<(), Failure> {
    ready::pass(library, None).map_err(Failure::from)
}
