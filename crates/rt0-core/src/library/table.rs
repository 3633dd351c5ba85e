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
///
/// [`Library::new`] has what most libraries want; each method that follows sets one thing.
pub struct Library {
    pub(crate) name: &'static str,
    pub(crate) start: Start,
    pub(crate) wait_ms: Option<u32>,
    pub(crate) stack_size: usize,
    pub(crate) unloadable: bool,
    pub(crate) boot: Option<fn(Boot)>,
    pub(crate) main: Option<fn()>,
    pub(crate) stop: Option<fn()>,
    pub(crate) exit_ms: u32,
    pub(crate) at_exit: Option<fn(Duration)>,
    pub(crate) needs_thread: Option<fn() -> bool>,
    pub(crate) retry: bool,
    pub(crate) retry_pause_ms: u32,
    pub(crate) end_failed: Option<fn(Deadline) -> bool>,
    pub(crate) waits_for_shutdown: Option<fn() -> bool>,
    pub(crate) collector_signals: CollectorSignals,
    pub(crate) settle_signals: Option<fn()>,
    pub(crate) kept: &'static (dyn Any + Send + Sync),
    pub(crate) on_own_thread: Option<fn() -> bool>,
}

/// How it is made.
impl Library {
    /// A library of this name, as in its symbols; threads are named after it. It boots when it is loaded, by
    /// [`boot`](Library::boot), without which every call gets [`Status::NoBootEntry`].
    pub const fn new(name: &'static str) -> Library {
        Library {
            name,
            start: Start::Load,
            wait_ms: Some(30_000),
            stack_size: 0,
            unloadable: false,
            boot: None,
            main: None,
            stop: None,
            exit_ms: 1000,
            at_exit: None,
            needs_thread: None,
            retry: false,
            retry_pause_ms: 1000,
            end_failed: None,
            waits_for_shutdown: None,
            collector_signals: CollectorSignals::Usual,
            settle_signals: None,
            kept: &(),
            on_own_thread: None,
        }
    }

    /// Starts the library. Runs once per generation, on the boot thread as a rule, with asynchronous
    /// signals blocked; must not unwind. It says how it ended with [`Boot::done`] or
    /// [`Boot::failed`], from whichever thread.
    pub const fn boot(mut self, boot: fn(Boot)) -> Library {
        self.boot = Some(boot);
        self
    }

    /// Runs after a boot that succeeded, on the boot thread, for as long as it likes; must not unwind.
    pub const fn main(mut self, main: fn()) -> Library {
        self.main = Some(main);
        self
    }

    /// Tells `main` to end, when [`crate::shutdown::shut_down`] ends a generation.
    pub const fn stop(mut self, stop: fn()) -> Library {
        self.stop = Some(stop);
        self
    }

    /// When to boot, unless the host's environment says otherwise.
    pub const fn start(mut self, start: Start) -> Library {
        self.start = start;
        self
    }

    /// How long a call waits for boot, in milliseconds: 30,000 unless this is called; `None`: for ever.
    pub const fn wait_ms(mut self, ms: Option<u32>) -> Library {
        self.wait_ms = ms;
        self
    }

    /// The boot thread's stack in bytes; 0, as without this: 8 MiB.
    pub const fn stack_size(mut self, size: usize) -> Library {
        self.stack_size = size;
        self
    }

    /// Whether the loader may unmap the library. Not as soon as std is in it.
    pub const fn unloadable(mut self, unloadable: bool) -> Library {
        self.unloadable = unloadable;
        self
    }

    /// How long the exit of the process may wait for the library, in milliseconds: 1000 unless this is called.
    pub const fn exit_ms(mut self, ms: u32) -> Library {
        self.exit_ms = ms;
        self
    }

    /// Ends the generation, if there is one, when the process exits; within this time, on the thread that
    /// called `exit`; must not unwind. Without it, [`crate::shutdown::shut_down`] does.
    pub const fn at_exit(mut self, at_exit: fn(Duration)) -> Library {
        self.at_exit = Some(at_exit);
        self
    }

    /// Whether a call that finds a failed boot boots again, unless the host's environment says
    /// otherwise.
    pub const fn retry(mut self, retry: bool) -> Library {
        self.retry = retry;
        self
    }

    /// How long after a failure the first call does so, in milliseconds: 1000 unless this is called.
    pub const fn retry_pause_ms(mut self, ms: u32) -> Library {
        self.retry_pause_ms = ms;
        self
    }

    /// Which of the host's signals may stop the library's threads, unless the host's environment says
    /// otherwise.
    pub const fn collector_signals(mut self, signals: CollectorSignals) -> Library {
        self.collector_signals = signals;
        self
    }
}

/// What a layer above the core sets besides.
#[doc(hidden)]
impl Library {
    /// Whether `main` has anything to do; without it: whenever there is one. A library that needs a thread
    /// for it does not boot without one.
    pub const fn needs_thread(mut self, needs_thread: fn() -> bool) -> Library {
        self.needs_thread = Some(needs_thread);
        self
    }

    /// Takes what a failed boot has hung on its generation away, so that the next can begin; false
    /// when the deadline comes first. The boot thread is joined by then, unless the generation was lost
    /// ([`lose`](crate::generation::Page::lose)): then that is for this to do. Must not unwind.
    pub const fn end_failed(mut self, end_failed: fn(Deadline) -> bool) -> Library {
        self.end_failed = Some(end_failed);
        self
    }

    /// Whether a call on this thread that comes during a shutdown waits until that is over; without it no
    /// call does. Not asked on the library's own threads.
    pub const fn waits_for_shutdown(mut self, waits: fn() -> bool) -> Library {
        self.waits_for_shutdown = Some(waits);
        self
    }

    /// Has all threads that the layer above has made call
    /// [`settle`](crate::platform::thread::signals::settle) again, and waits for them, but not for long: the
    /// first call has found out something new. It runs on that call's thread.
    pub const fn settle_signals(mut self, settle: fn()) -> Library {
        self.settle_signals = Some(settle);
        self
    }

    /// Whether the calling thread is one that boot may be waiting for, such as a runtime's worker.
    /// Not asked by calls once the library is ready. The boot thread, also in main, is known to the core.
    pub const fn on_own_thread(mut self, on_own_thread: fn() -> bool) -> Library {
        self.on_own_thread = Some(on_own_thread);
        self
    }

    /// Whatever the layer above keeps with its library.
    pub const fn keep(mut self, kept: &'static (dyn Any + Send + Sync)) -> Library {
        self.kept = kept;
        self
    }

    /// What it keeps.
    pub fn kept(&self) -> &'static (dyn Any + Send + Sync) {
        self.kept
    }
}

impl Library {
    /// The library's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The deadline that a call has when nobody names another.
    pub fn default_deadline(&self) -> Deadline {
        self.wait_ms
            .map_or(Deadline::Never, |ms| clock::after_ms(u64::from(ms)))
    }

    /// Whether it stays in memory for ever: also where nobody would tell it of its end.
    pub fn is_never_unloaded(&self) -> bool {
        !self.unloadable || !image::CAN_UNLOAD
    }

    /// Whether a boot without a thread would leave nobody to run main.
    pub(crate) fn has_work_for_main(&self) -> bool {
        self.main.is_some() && self.needs_thread.is_none_or(|needs_thread| needs_thread())
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
