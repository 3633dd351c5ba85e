//! The options of `#[rt0::init]`. `read.rs` reads the host's environment, which overrides them.

pub(crate) mod booting;
pub(crate) mod fixed_text;
pub(crate) mod read;

use std::any::Any;
use std::sync::Arc;

use rt0_core::sync::Deadline;
use rt0_core::{CollectorSignals, Library, Start};

use self::booting::Booting;
use self::fixed_text::Text;
use crate::parts::{Part, Parts};
use crate::runtime::settings::RuntimeKind;

/// A state whose type is not known here.
pub type AnyState = Arc<dyn Any + Send + Sync>;

/// The options of `#[rt0::init]`, and the function itself.
pub struct Config {
    /// The library's name, which is the prefix of its symbols.
    pub name: &'static str,
    /// When to boot.
    pub start: Start,
    /// How long a call waits, in milliseconds; `None`: forever.
    pub wait_ms: Option<u32>,
    /// The kind of runtime.
    pub runtime: RuntimeKind,
    /// The number of worker threads; 0: one per processor.
    pub workers: usize,
    /// How long the exit of the process may wait, in milliseconds.
    pub exit_ms: u32,
    /// The prefix of thread names; empty: the library's name.
    pub thread_name: &'static str,
    /// The stack size of every thread, in bytes; 0: 8 MiB for the boot thread, 2 MiB for the others.
    pub stack_size: usize,
    /// The error's text in a child in which nothing can be allocated.
    pub forked: Text,
    /// Whether a call that finds a failed boot boots again.
    pub retry: bool,
    /// How long after a failure a call may boot again, in milliseconds.
    pub retry_pause_ms: u32,
    /// Whether a call during a shutdown waits until the shutdown is over.
    pub waits_for_shutdown: bool,
    /// Which of the host's signals may stop the library's threads.
    pub collector_signals: CollectorSignals,
    /// Whether init takes [`Args`](crate::Args), which nothing else gives to the author.
    pub takes_args: bool,
    /// What to do first on each thread of the runtime.
    pub on_thread_start: Option<fn()>,
    /// And last.
    pub on_thread_stop: Option<fn()>,
    /// What options have added to the ends of the library.
    pub parts: Parts,
    /// The author's init, called in the runtime's context.
    pub init: fn(&Booting<'_>) -> Result<AnyState, String>,
}

/// What to do on each thread of the runtime, if the library has a runtime.
///
/// # Panics
/// At compile time, if it has none.
#[expect(
    clippy::assertions_on_constants,
    reason = "only a library that uses it is refused"
)]
pub const fn on_runtimes_threads(run: fn()) -> Option<fn()> {
    assert!(
        cfg!(feature = "tokio"),
        "`on_thread_start` and `on_thread_stop` need the feature `tokio` of the dependency `rt0`"
    );
    Some(run)
}

impl Config {
    /// The configuration in a table that `library.rs` made.
    pub(crate) fn of(library: &Library) -> &'static Config {
        library
            .kept()
            .and_then(|kept| kept.downcast_ref())
            .expect("rt0::init and nothing else makes this library's table")
    }

    /// The configuration of the library that this code is part of.
    pub(crate) fn present() -> Option<&'static Config> {
        rt0_core::this_library().ok().map(Config::of)
    }

    /// Tells something to what options have added to the library that this code is part of.
    #[inline(never)]
    pub(crate) fn tell_parts(what: fn(&dyn Part, Deadline), deadline: Deadline) {
        let parts = Config::present().map_or(&[][..], |config| config.parts);
        parts.iter().for_each(|part| what(*part, deadline));
    }
}
