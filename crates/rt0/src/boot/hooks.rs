//! The author's main and exit. `#[rt0::main]` and `#[rt0::exit]` each define a symbol, by which rt0 finds
//! them.

use std::ffi::c_void;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::ptr::NonNull;
use std::time::Duration;

use rt0_core::platform::weak_symbols;
use rt0_core::this_library;

use crate::config::read::{is_quiet, runtime_kind};
use crate::generation::Generation;
use crate::generation::state::{IsState, SharedState};
use crate::runtime;
use crate::runtime::settings::RuntimeKind;
use crate::runtime::stop_signal::Stop;

/// One of the author's functions that rt0 calls.
pub struct Hook(pub fn(&HookContext<'_>) -> Result<(), String>);

/// The arguments that rt0 can pass to a hook.
pub struct HookContext<'a> {
    generation: &'a Generation,
    /// How long an async exit may take; `None`: no limit.
    time: Option<Duration>,
}

pub(crate) fn main() -> Option<&'static Hook> {
    at(weak_symbols::main_word())
}

pub(crate) fn exit() -> Option<&'static Hook> {
    at(weak_symbols::exit_word())
}

fn at(word: Option<NonNull<*const c_void>>) -> Option<&'static Hook> {
    // SAFETY: only the macros define these symbols, and they store the address of a `Hook` there.
    word.map(|word| unsafe { &*word.read().cast::<Hook>() })
}

/// Whether the boot thread has anything to do after the boot. Under the start policy `quiet` there is no boot
/// thread: calls drive the runtime, and the boot refuses a library with a main.
pub(crate) fn needs_thread() -> bool {
    this_library().is_ok_and(|library| {
        let drives = runtime_kind(library) == RuntimeKind::CurrentThread;
        !is_quiet(library) && (drives || main().is_some())
    })
}

impl Hook {
    /// Runs the hook, as long as it takes.
    pub(crate) fn run(&self, generation: &Generation) -> Result<(), String> {
        (self.0)(&HookContext {
            generation,
            time: None,
        })
    }

    /// Runs the hook; an async one for at most this time.
    pub(crate) fn run_for(
        &self,
        generation: &Generation,
        time: Option<Duration>,
    ) -> Result<(), String> {
        (self.0)(&HookContext { generation, time })
    }
}

impl HookContext<'_> {
    /// The state.
    pub fn state<T: IsState>(&self) -> SharedState<T> {
        self.generation.shared_state()
    }

    /// The signal to stop.
    pub fn stop(&self) -> Stop {
        self.generation.stop.clone()
    }

    /// Runs an async main, as long as it takes.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        self.generation.runtime.block_on(poll_fn(|context| {
            runtime::settle_signals_if_changed();
            future.as_mut().poll(context)
        }))
    }

    /// Runs an async exit, for at most the time that the shutdown has left.
    pub fn block_on_in_time<F>(&self, future: F) -> Result<F::Output, String>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.generation.runtime.block_on_for(future, self.time)
    }
}
