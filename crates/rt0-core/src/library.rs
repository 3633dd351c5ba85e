//! The callback table: what a library tells the core about itself.

use core::any::Any;
use core::ffi::c_void;
use core::time::Duration;

use rt0_abi::Status;

use crate::boot::Boot;
use crate::sync::Deadline;
use crate::{entry, weak};

/// When a library begins its boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// When it is loaded.
    Load,
    /// When the first call comes.
    Lazy,
    /// When the host asks for it.
    Manual,
    /// When the first call comes, on that call's own thread: the library makes none.
    Quiet,
}

impl Start {
    /// The policy of this name: `load`, `lazy`, `manual`, `quiet`.
    pub fn from_name(name: &[u8]) -> Option<Start> {
        match name {
            b"load" => Some(Start::Load),
            b"lazy" => Some(Start::Lazy),
            b"manual" => Some(Start::Manual),
            b"quiet" => Some(Start::Quiet),
            _ => None,
        }
    }

    /// The policy's name.
    pub const fn name(self) -> &'static str {
        match self {
            Start::Load => "load",
            Start::Lazy => "lazy",
            Start::Manual => "manual",
            Start::Quiet => "quiet",
        }
    }
}

/// Which signals may stop the library's threads that would be blocked otherwise; and only where the host
/// has a handler for them: see [`crate::signals`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectorSignals {
    /// None.
    None,
    /// SIGPWR, SIGXCPU and the real-time signals.
    Usual,
    /// Those, SIGUSR1 and SIGUSR2.
    Usr,
}

impl CollectorSignals {
    /// Those of this name: `none`, `usual`, `usr`.
    pub fn from_name(name: &[u8]) -> Option<CollectorSignals> {
        match name {
            b"none" => Some(CollectorSignals::None),
            b"usual" => Some(CollectorSignals::Usual),
            b"usr" => Some(CollectorSignals::Usr),
            _ => None,
        }
    }
}

/// A library as the core sees it. One static of this type is handed to [`crate::library!`].
pub struct Library {
    /// The library's name, as in its symbols. Threads are named after it.
    pub name: &'static str,
    /// When to boot, unless the host's environment says otherwise.
    pub start: Start,
    /// How long a call waits for boot, in milliseconds; `None`: for ever.
    pub wait_ms: Option<u32>,
    /// The boot thread's stack in bytes; 0 for 8 MiB.
    pub stack_size: usize,
    /// Never let the loader unmap the library. Needed as soon as std is in it.
    pub pin: bool,
    /// Starts the library. Runs once per generation, on the boot thread as a rule, with asynchronous
    /// signals blocked; must not unwind. It says how it ended with [`Boot::done`] or
    /// [`Boot::failed`], from whichever thread. A table without it answers every call with
    /// [`Status::NoBootEntry`].
    pub boot: Option<fn(Boot)>,
    /// Runs after a boot that succeeded, on the boot thread, for as long as it likes; must not unwind.
    pub main: Option<fn()>,
    /// Tells `main` to end, when [`crate::stop::shut_down`] ends a generation.
    pub stop: Option<fn()>,
    /// How long the exit of the process may wait for the library, in milliseconds.
    pub exit_ms: u32,
    /// Ends the generation, if there is one, when the process exits; within this time, on the thread that
    /// called `exit`; must not unwind. `None`: [`crate::stop::shut_down`] does.
    pub at_exit: Option<fn(Duration)>,
    /// Whether `main` has anything to do; `None`: whenever there is one. A library that needs a thread
    /// for it does not boot without one.
    pub needs_thread: Option<fn() -> bool>,
    /// Whether a call that finds a failed boot boots again, unless the host's environment says
    /// otherwise.
    pub retry: bool,
    /// How long after a failure the first call does so, in milliseconds.
    pub retry_pause_ms: u32,
    /// Takes what a failed boot has hung on its generation away, so that the next can begin; false
    /// when the deadline comes first. The boot thread is joined by then, unless the generation was lost
    /// ([`crate::boot::lose`]): then that is for this to do. Must not unwind.
    pub end_failed: Option<fn(Deadline) -> bool>,
    /// Whether a call on this thread that comes during a shutdown waits until that is over; `None`: no
    /// call does. Not asked on the library's own threads.
    pub waits_for_shutdown: Option<fn() -> bool>,
    /// Which of the host's signals may stop the library's threads, unless the host's environment says
    /// otherwise.
    pub collector_signals: CollectorSignals,
    /// Has all threads that the layer above has made call [`crate::signals::settle`] again, and waits for them,
    /// but not for long: the first call has found out something new. It runs on that call's thread.
    pub settle_signals: Option<fn()>,
    /// Whatever the layer above keeps with its library.
    pub user: &'static (dyn Any + Send + Sync),
    /// Whether the calling thread is one that boot may be waiting for, such as a runtime's worker.
    /// Not asked by calls once the library is ready. The boot thread, also in main, is known to the core.
    pub on_own_thread: Option<fn() -> bool>,
}

impl Library {
    pub(crate) fn needs_thread(&self) -> bool {
        self.main.is_some() && self.needs_thread.is_none_or(|needs_thread| needs_thread())
    }

    /// Whether it stays in memory for ever: also where nobody would tell it of its end.
    pub(crate) fn stays(&self) -> bool {
        self.pin || !entry::CAN_UNLOAD
    }
}

/// The table of the library that this copy of the core is linked into.
///
/// # Errors
/// [`Status::NoBootEntry`] when it has none: nobody used [`crate::library!`].
pub fn this_library() -> Result<&'static Library, Status> {
    let word = weak::library_word().ok_or(Status::NoBootEntry)?;
    // SAFETY: `library!` is the only definition of the symbol, and fills it with the address of such a table.
    Ok(unsafe { &*word.read().cast::<Library>() })
}

/// The same for code that belongs to a library for certain, as an exported function does. Its
/// reference is a strong one: a linker that picks objects from an archive takes the constructor in,
/// and a library without a table does not link.
#[inline(always)]
pub fn certainly_this_library() -> &'static Library {
    unsafe extern "C" {
        static rt0_init_of_this_library: *const c_void;
    }
    // SAFETY: as above; the word is never written after the load.
    unsafe { &*rt0_init_of_this_library.cast::<Library>() }
}

/// Makes a library of the crate: its constructor and the symbol by which the core finds its table.
///
/// `library!(TABLE)` takes the path of a `static` [`Library`]. The symbol can exist only once in a
/// linked file: two crates that both use this can't be in one library, and the linker's message names
/// both.
#[macro_export]
macro_rules! library {
    ($table:path) => {
        $crate::__entry!($table);
        $crate::define_word!("rt0_init_of_this_library", $table);
    };
}
