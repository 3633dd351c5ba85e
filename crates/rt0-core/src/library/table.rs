//! The callback table: what a library tells the core about itself.

use core::any::Any;
use core::ffi::c_void;
use core::time::Duration;

use rt0_abi::{Status, line};

use super::arguments::{self, Given};
use crate::generation::page;
use crate::generation::steps::{self, Begun, Step};
use crate::generation::timeline::Mark;
use crate::platform::thread::signals::CollectorSignals;
use crate::platform::{image, loader, weak_symbols};
use crate::sync::{Deadline, clock};

/// When a library begins its boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// At load.
    Load,
    /// At the first call.
    Lazy,
    /// When the host asks for it.
    Manual,
    /// At the first call, on the caller's own thread: the library makes no thread.
    Quiet,
}

impl Start {
    /// The names, in the order of the numbers.
    pub(super) const NAMES: &str = "load\nlazy\nmanual\nquiet";

    /// The policy with this number.
    pub(super) fn from_number(number: u32) -> Start {
        match number % 4 {
            0 => Start::Load,
            1 => Start::Lazy,
            2 => Start::Manual,
            _ => Start::Quiet,
        }
    }

    /// The policy's name.
    pub const fn name(self) -> &'static str {
        line(Start::NAMES, self as usize)
    }
}

/// A library as the core sees it. One static of this type is handed to [`crate::library!`].
///
/// [`Library::new`] sets what most libraries want. Each method after it changes one thing.
pub struct Library {
    pub(crate) name: &'static str,
    pub(crate) start: Start,
    pub(crate) wait_ms: Option<u32>,
    pub(crate) stack_size: usize,
    pub(crate) unload: Option<fn(&'static Library)>,
    pub(crate) boot: Option<fn(Boot)>,
    pub(crate) main: Option<fn()>,
    pub(crate) stop: Option<fn()>,
    pub(crate) exit_ms: u32,
    pub(crate) at_exit: fn(&'static Library, Duration),
    pub(crate) needs_thread: Option<fn() -> bool>,
    pub(crate) retry: bool,
    pub(crate) retry_pause_ms: u32,
    pub(crate) end_failed: Option<fn(Deadline) -> bool>,
    pub(crate) waits_for_shutdown: Option<fn() -> bool>,
    pub(crate) collector_signals: CollectorSignals,
    pub(crate) settle_signals: Option<fn()>,
    pub(crate) wait_for_loader: Option<fn()>,
    pub(crate) capture: fn(Option<Given>),
    pub(crate) step_ended: Option<fn(Begun, Step)>,
    pub(crate) counts_calls: bool,
    pub(crate) kept: Option<&'static (dyn Any + Send + Sync)>,
    pub(crate) on_own_thread: Option<fn() -> bool>,
}

/// Making a library. `load/library.rs` has what it begins with.
impl Library {
    /// Sets the function that starts the library. It runs once per generation, usually on the boot thread,
    /// with asynchronous signals blocked, and must not unwind. It reports how the boot ended with
    /// [`Boot::done`] or [`Boot::failed`], from any thread.
    pub const fn boot(mut self, boot: fn(Boot)) -> Library {
        self.boot = Some(boot);
        self
    }

    /// Sets the function that runs on the boot thread after a successful boot, for as long as it likes. It
    /// must not unwind.
    pub const fn main(mut self, main: fn()) -> Library {
        self.main = Some(main);
        self
    }

    /// Sets the function that tells `main` to end, when [`crate::shutdown::shut_down`] ends a generation.
    pub const fn stop(mut self, stop: fn()) -> Library {
        self.stop = Some(stop);
        self
    }

    /// Has the boot thread wait for the loader's lock also in a process without `dlsym`. A library that does not ask for
    /// it does not contain it.
    pub const fn waits_without_dlsym(mut self) -> Library {
        self.wait_for_loader = Some(loader::barrier_without_dlsym);
        self
    }

    /// When to boot, unless the host's environment says otherwise.
    pub const fn start(mut self, start: Start) -> Library {
        self.start = start;
        self
    }

    /// How long a call waits for the boot, in milliseconds. `None`: for ever. The default is 30,000.
    pub const fn wait_ms(mut self, ms: Option<u32>) -> Library {
        self.wait_ms = ms;
        self
    }

    /// The size of the boot thread's stack, in bytes. The default, 0, stands for 8 MiB.
    pub const fn stack_size(mut self, size: usize) -> Library {
        self.stack_size = size;
        self
    }

    /// How long the exit of the process may wait for the library, in milliseconds. The default is 1000.
    pub const fn exit_ms(mut self, ms: u32) -> Library {
        self.exit_ms = ms;
        self
    }

    /// Sets the function that ends the generation, if there is one, when the process exits. It runs on the
    /// thread that called `exit`, must finish within the time it is given, and must not unwind. Without it,
    /// [`crate::shutdown::shut_down`] ends the generation.
    pub const fn at_exit(mut self, at_exit: fn(&'static Library, Duration)) -> Library {
        self.at_exit = at_exit;
        self
    }

    /// Whether a call that finds a failed boot boots again, unless the host's environment says otherwise.
    pub const fn retry(mut self, retry: bool) -> Library {
        self.retry = retry;
        self
    }

    /// How long after a failure a call boots again at the earliest, in milliseconds. The default is 1000.
    pub const fn retry_pause_ms(mut self, ms: u32) -> Library {
        self.retry_pause_ms = ms;
        self
    }

    /// Whether the constructor copies the host's arguments and its environment, as it does by default. Without the copy
    /// there are only the variables that a boot asks for: [`arguments`] has no others, and no arguments. Then the code
    /// for it is not in the library.
    pub const fn copies_arguments(mut self, copies: bool) -> Library {
        self.capture = if copies {
            arguments::capture
        } else {
            arguments::capture_noted
        };
        self
    }

    /// Which of the host's signals may stop the library's threads, unless the host's environment says
    /// otherwise.
    pub const fn collector_signals(mut self, signals: CollectorSignals) -> Library {
        self.collector_signals = signals;
        self
    }
}

/// What a layer above the core also sets.
#[doc(hidden)]
impl Library {
    /// Sets the function that says whether `main` has anything to do. Without it, `main` does whenever there
    /// is one. A library that needs a thread for `main` does not boot without a thread.
    pub const fn needs_thread(mut self, needs_thread: fn() -> bool) -> Library {
        self.needs_thread = Some(needs_thread);
        self
    }

    /// Sets the function that clears away what a failed boot has attached to its generation, so that the next
    /// can begin. It returns false if the deadline comes first, and must not unwind. The boot thread has been
    /// joined before, unless the generation was lost ([`lose`](crate::generation::Page::lose)): then this
    /// function has to join it.
    pub const fn end_failed(mut self, end_failed: fn(Deadline) -> bool) -> Library {
        self.end_failed = Some(end_failed);
        self
    }

    /// Sets the function that says whether a call on the calling thread waits for the end of a shutdown.
    /// Without it no call does. It is not asked on the library's own threads.
    pub const fn waits_for_shutdown(mut self, waits: fn() -> bool) -> Library {
        self.waits_for_shutdown = Some(waits);
        self
    }

    /// Sets the function that makes all threads of the layer above call
    /// [`settle`](crate::platform::thread::signals::settle) again, because the first call has found out
    /// something new. It waits for them, but not for long, and runs on the thread of that call.
    pub const fn settle_signals(mut self, settle: fn()) -> Library {
        self.settle_signals = Some(settle);
        self
    }

    /// Says that the layer above shows what has taken time ([`steps`]). Otherwise nothing is noted.
    pub const fn shows_steps(mut self) -> Library {
        self.step_ended = Some(Begun::ended);
        self
    }

    /// Says that the layer above counts the calls that are inside
    /// ([`in_flight`](crate::protocol::in_flight)), so that the end of a generation needs a fence on every thread.
    pub const fn counts_calls(mut self) -> Library {
        self.counts_calls = true;
        self
    }

    /// Sets the function that says whether the boot may be waiting for the calling thread, which may be a
    /// runtime's worker. Calls do not ask it once the library is ready. The core itself knows the boot
    /// thread, also while it runs main.
    pub const fn on_own_thread(mut self, on_own_thread: fn() -> bool) -> Library {
        self.on_own_thread = Some(on_own_thread);
        self
    }

    /// Sets a value that the layer above keeps with its library.
    pub const fn keep(mut self, kept: &'static (dyn Any + Send + Sync)) -> Library {
        self.kept = Some(kept);
        self
    }

    /// The value set by [`keep`](Library::keep).
    pub fn kept(&self) -> Option<&'static (dyn Any + Send + Sync)> {
        self.kept
    }
}

impl Library {
    /// The library's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The deadline of a call that does not set one of its own.
    pub fn default_deadline(&self) -> Deadline {
        self.wait_ms
            .map_or(Deadline::Never, |ms| clock::after_ms(u64::from(ms)))
    }

    /// Whether the library stays in memory for ever. On a system that would not tell it of its unmapping, it
    /// does.
    pub fn is_never_unloaded(&self) -> bool {
        self.unload.is_none() || !image::CAN_UNLOAD
    }

    /// Begins a step, if the layer above shows them.
    pub(crate) fn begin_step(&self) -> Option<Begun> {
        self.step_ended.map(|_| steps::begin())
    }

    /// The step is over now.
    pub(crate) fn end_step(&self, begun: Option<Begun>, step: Step) {
        if let (Some(begun), Some(ended)) = (begun, self.step_ended) {
            ended(begun, step);
        }
    }

    /// Whether `main` needs a thread, which a boot without a thread could not give it.
    pub(crate) fn has_work_for_main(&self) -> bool {
        self.main.is_some() && self.needs_thread.is_none_or(|needs_thread| needs_thread())
    }
}

/// The duty to report how a boot ended, handed to the library's boot function.
///
/// It can be sent to another thread and used there after the boot function has returned. Dropped unused, it
/// reports [`Status::NotNotified`].
#[must_use = "a boot that nobody finishes fails"]
pub struct Boot {
    library: &'static Library,
    number: u32,
}

impl Boot {
    /// For the thread that has claimed the boot of the present generation.
    pub(crate) fn new(library: &'static Library) -> Boot {
        let number = page().number();
        Boot { library, number }
    }

    /// The library that boots.
    pub fn library(&self) -> &'static Library {
        self.library
    }

    /// Whether this boot is still the present one. It is not in the child of a process that forked during its
    /// own start-up: what goes on there ends without a trace.
    pub fn is_present(&self) -> bool {
        page().number() == self.number
    }

    /// Start-up is done: wakes all waiting calls. The first of them, or the first call to come, opens the
    /// gate.
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
/// [`Status::NoBootEntry`]: there is no table, because nobody used [`crate::library!`].
pub fn this_library() -> Result<&'static Library, Status> {
    let word = weak_symbols::library_word().ok_or(Status::NoBootEntry)?;
    // SAFETY: `library!` is the only definition of the symbol, and fills it with the address of a `Library`
    // that is a static.
    Ok(unsafe { &*word.read().cast::<Library>() })
}

/// [`this_library`] for code that certainly belongs to a library, such as an exported function. Its reference
/// to the symbol is strong: a linker that picks objects from an archive includes the constructor, and a
/// library without a table does not link.
#[inline(always)]
pub fn certainly_this_library() -> &'static Library {
    unsafe extern "C" {
        static rt0_init_of_this_library: *const c_void;
    }
    // SAFETY: as in `this_library`. The word is never written after the load.
    unsafe { &*rt0_init_of_this_library.cast::<Library>() }
}
