//! The callback table: what a library tells the core about itself.

use core::any::Any;
use core::ffi::c_void;
use core::time::Duration;

use rt0_abi::Status;

use crate::generation::page;
use crate::generation::timeline::Mark;
use crate::platform::thread::signals::CollectorSignals;
use crate::platform::{image, weak_symbols};
use crate::sync::{Deadline, clock};

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
    /// Every policy, at its number's place.
    pub(super) const ALL: [Start; 4] = [Start::Load, Start::Lazy, Start::Manual, Start::Quiet];

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
    /// Tells `main` to end, when [`crate::shutdown::shut_down`] ends a generation.
    pub stop: Option<fn()>,
    /// How long the exit of the process may wait for the library, in milliseconds.
    pub exit_ms: u32,
    /// Ends the generation, if there is one, when the process exits; within this time, on the thread that
    /// called `exit`; must not unwind. `None`: [`crate::shutdown::shut_down`] does.
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
    /// ([`lose`](crate::generation::Page::lose)): then that is for this to do. Must not unwind.
    pub end_failed: Option<fn(Deadline) -> bool>,
    /// Whether a call on this thread that comes during a shutdown waits until that is over; `None`: no
    /// call does. Not asked on the library's own threads.
    pub waits_for_shutdown: Option<fn() -> bool>,
    /// Which of the host's signals may stop the library's threads, unless the host's environment says
    /// otherwise.
    pub collector_signals: CollectorSignals,
    /// Has all threads that the layer above has made call [`crate::platform::thread::signals::settle`] again, and waits for them,
    /// but not for long: the first call has found out something new. It runs on that call's thread.
    pub settle_signals: Option<fn()>,
    /// Whatever the layer above keeps with its library.
    pub user: &'static (dyn Any + Send + Sync),
    /// Whether the calling thread is one that boot may be waiting for, such as a runtime's worker.
    /// Not asked by calls once the library is ready. The boot thread, also in main, is known to the core.
    pub on_own_thread: Option<fn() -> bool>,
}

impl Library {
    /// The deadline that a call has when nobody names another.
    pub fn default_deadline(&self) -> Deadline {
        self.wait_ms
            .map_or(Deadline::Never, |ms| clock::after_ms(u64::from(ms)))
    }

    pub(crate) fn needs_thread(&self) -> bool {
        self.main.is_some() && self.needs_thread.is_none_or(|needs_thread| needs_thread())
    }

    /// Whether it stays in memory for ever: also where nobody would tell it of its end.
    pub(crate) fn is_never_unloaded(&self) -> bool {
        self.pin || !image::CAN_UNLOAD
    }
}

/// The duty to say how a boot ended, handed to the library's boot function.
///
/// It can be sent to another thread and used there after the boot function has returned. Dropped
/// unused, it says [`Status::NotNotified`].
#[must_use = "a boot that nobody finishes fails"]
pub struct Boot {
    library: &'static Library,
    number: u32,
}

impl Boot {
    /// For whoever has claimed the boot of the present generation.
    pub(crate) fn new(library: &'static Library) -> Boot {
        let number = page().number();
        Boot { library, number }
    }

    /// The library that boots.
    pub fn library(&self) -> &'static Library {
        self.library
    }

    /// Whether this boot is still the present one. It is not in the child of a process that was forked
    /// by its own start-up: what goes on there ends without a trace.
    pub fn is_present(&self) -> bool {
        page().number() == self.number
    }

    /// Start-up is done: wakes all who wait. The first of them, or the first call, opens the gate.
    pub fn done(self) {
        self.finish(Ok(()));
    }

    /// Start-up failed: every call gets this status.
    pub fn failed(self, status: Status) {
        self.finish(Err(status));
    }

    fn finish(self, result: Result<(), Status>) {
        let present = self.is_present();
        core::mem::forget(self);
        if present {
            finish(result);
        }
    }
}

impl Drop for Boot {
    fn drop(&mut self) {
        if self.is_present() {
            finish(Err(Status::NotNotified));
        }
    }
}

fn finish(result: Result<(), Status>) {
    let page = page();
    if let Err(status) = result {
        page.set_failure(status);
    }
    page.set_boot_thread(0);
    page.timeline.set(Mark::Ready);
    page.gate.finish(result.is_ok());
}

/// The table of the library that this copy of the core is linked into.
///
/// # Errors
/// [`Status::NoBootEntry`] when it has none: nobody used [`crate::library!`].
pub fn this_library() -> Result<&'static Library, Status> {
    let word = weak_symbols::library_word().ok_or(Status::NoBootEntry)?;
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
