//! One call from a host: past the gate, into the author's function, back with a value or an error.
//!
//! [`Call`] has passed the gate; `arg` and `handle` turn what the host passes into Rust's values, `types` says which
//! those are; `buffer` and `answer` are the way back. `ready` is the gate by itself.

pub mod answer;
pub mod arg;
pub mod buffer;
pub mod code_of;
pub mod handle;
#[cfg(feature = "tokio")]
pub mod on_runtime;
pub mod ready;
pub mod types;

use rt0_core::{Library, Status, fork, generation, sabotage};

use crate::failure::Failure;
use crate::generation::Generation;
use crate::generation::state::{IsState, SharedState, State};
use crate::in_flight::Inside;
use crate::platform::locals;

const FORKED_INSIDE: &str = "the process was forked inside this call, and this is the child: the parent's \
    library can't give out a handle here; call again";

/// A call that has passed the gate.
pub struct Call {
    inside: Option<Inside>,
}

impl Call {
    /// Passes the gate if it is open: for calls that use no generation, one load and one compare.
    /// With `uses_generation` a shutdown waits for the end of the call. `None`: see [`Call::wait`].
    ///
    /// # Safety
    /// It is true if the call goes on to use the state, the runtime or a handle.
    #[inline(always)]
    pub unsafe fn hot(uses_generation: bool) -> Option<Call> {
        if uses_generation {
            Inside::enter_at_once(generation::is_ready).map(Call::inside)
        } else if generation::is_ready() {
            Some(Call { inside: None })
        } else {
            None
        }
    }

    /// The cold half of the gate. After it the hot half can be tried again.
    #[inline(always)]
    pub fn wait(uses_generation: bool) -> Result<(), Failure> {
        let library = rt0_core::library::certainly_this_library();
        wait(library)?;
        // After the gate: where that gives an error, there may be no memory to be had.
        if uses_generation {
            prepare_thread(library)?;
        }
        Ok(())
    }

    /// A call that has announced itself already.
    #[inline(always)]
    pub(crate) fn inside(inside: Inside) -> Call {
        Call {
            inside: Some(inside),
        }
    }

    /// The state, borrowed for this call.
    #[inline(always)]
    pub fn state<T: IsState>(&self) -> State<'_, T> {
        self.generation().state()
    }

    /// The state, counted.
    pub fn shared_state<T: IsState>(&self) -> SharedState<T> {
        self.generation().shared_state()
    }

    /// Makes the library's runtime the one that tokio's free functions find, until dropped.
    pub fn enter_runtime(&self) -> impl Sized + '_ {
        self.generation().runtime.enter()
    }

    /// The generation that the call has entered. For what comes before the author's function: that may fork,
    /// and the child, where the call goes on as well, has another or none.
    #[inline(always)]
    pub(crate) fn generation(&self) -> &Generation {
        debug_assert!(
            self.inside.is_some(),
            "the expansion asked for a generation"
        );
        // SAFETY: `inside` holds a shutdown off.
        unsafe { Generation::present() }.expect("a gate that is open has a generation")
    }

    /// The same for what comes after it. The subject is the call.
    pub(crate) fn still(&self, subject: &'static str) -> Result<&Generation, Failure> {
        let here = self.inside.as_ref().is_some_and(Inside::is_of_the_present);
        if here || sabotage::NO_KEPT_ENTRY {
            return Ok(self.generation());
        }
        // The parent's generation has ended here, as if by a shutdown, and the next call boots. Unless it is a
        // child in which nothing can be started.
        let status = fork::check().err().unwrap_or(Status::Stopped);
        Err(Failure::new(subject, status, FORKED_INSIDE))
    }
}

#[cold]
#[inline(never)]
fn prepare_thread(library: &Library) -> Result<(), Failure> {
    locals::check(library)?;
    Inside::prepare_thread();
    Ok(())
}

#[cold]
#[inline(never)]
fn wait(library: &'static Library) -> Result<(), Failure> {
    ready::pass(library, None).map_err(Failure::from)
}
