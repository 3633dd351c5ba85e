//! tokio as the library's runtime.

use std::cell::Cell;
use std::fmt::Display;
use std::future::Future;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rt0_core::generation::page;
use rt0_core::platform::address_space;
use rt0_core::protocol::gate::State;
use rt0_core::{Status, sabotage};
use tokio::runtime::{Builder, EnterGuard, Handle};
use tokio::task::JoinHandle;

use crate::config::{RuntimeKind, Settings};
use crate::generation::Generation;
use crate::inflight::Inside;
use crate::uncancelled::Uncancelled;
use crate::{Error, descriptors, leaks, panic, ready};

use super::lost::{self, Watch};
use super::waiting::{Ended, Waiting};
use super::{building, in_time, meeting};

/// The longest thread name that Linux keeps.
const NAME_LEN: usize = 15;

/// A runtime, or none for a library that wants none.
pub(crate) struct Runtime {
    tokio: Option<tokio::runtime::Runtime>,
    /// How many threads it has.
    threads: Arc<AtomicUsize>,
    watch: Arc<Watch>,
}

impl Runtime {
    /// No runtime.
    pub fn none() -> Runtime {
        Runtime {
            tokio: None,
            threads: Arc::default(),
            watch: Arc::new(Watch::new(page().number())),
        }
    }

    /// # Errors
    /// What tokio or the operating system says.
    pub fn build(settings: &Settings) -> Result<Runtime, String> {
        // tokio would ask the environment for what it is not told here; see `rt0_core::library::arguments`.
        let workers = settings.workers.unwrap_or_else(processors);
        let (mut builder, made_now) = match settings.runtime {
            RuntimeKind::None => return Ok(Runtime::none()),
            RuntimeKind::CurrentThread => (Builder::new_current_thread(), 0),
            RuntimeKind::MultiThread => (Builder::new_multi_thread(), workers),
        };
        look_for_room(made_now, settings.stack_size)?;
        builder.worker_threads(workers);
        builder.thread_stack_size(settings.stack_size);
        let name = settings.thread_name.clone();
        let count = AtomicUsize::new(0);
        let threads = Arc::<AtomicUsize>::default();
        let (more, fewer) = (threads.clone(), threads.clone());
        let watch = Arc::new(Watch::new(page().number()));
        let watched = watch.clone();
        builder
            .thread_name_fn(move || numbered(&name, count.fetch_add(1, Ordering::Relaxed)))
            .on_thread_start(move || {
                super::thread_starts(watched.number);
                building::wait();
                more.fetch_add(1, Ordering::Relaxed);
                // tokio has entered the runtime that the thread is made for, and nobody another.
                let handle = Handle::try_current().ok();
                let watch = watched.clone();
                let _ = MINE.try_with(|mine| mine.set(handle.map(|handle| Mine { handle, watch })));
            })
            .on_thread_unpark(super::settle_signals_again)
            .on_thread_stop(move || {
                fewer.fetch_sub(1, Ordering::Relaxed);
            })
            .enable_all();
        if settings.quiet {
            // Those for blocking tasks, which only the author's code asks for: they go at once.
            builder.thread_keep_alive(Duration::ZERO);
        }
        let failed = |error: &dyn Display| {
            format!(
                "the async runtime could not be started: {error}; raise the process's limit, or set \
                 RT0_WORKERS to less, or RT0_START=quiet, which needs no thread"
            )
        };
        let (tokio, known) = leaks::unnoticed(|| {
            let (built, known) =
                building::build(|| descriptors::with_high_numbers(|| builder.build()))?;
            if leaks::are_looked_for()
                && let Ok(tokio) = &built
            {
                // What tokio makes for a thread that waits: now, not in the author's init.
                tokio.block_on(async {});
            }
            Ok::<_, String>((built, known))
        })
        .map_err(|panic| failed(&panic))?;
        let tokio = tokio.map_err(|error| failed(&error))?;
        watch.know(known);
        Ok(Runtime {
            tokio: Some(tokio),
            threads,
            watch,
        })
    }

    /// Runs a future on this thread, which nobody waits for: main.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.get().block_on(future)
    }

    /// The same on a thread that somebody waits for.
    ///
    /// # Panics
    /// When the runtime is lost: the payload is an [`Error`].
    pub fn wait_for<F: Future>(&self, future: F) -> F::Output {
        whole(self.waiting(), future, None).unwrap_or_else(|error| refuse(error))
    }

    /// Drives the runtime on the boot thread, until this is done.
    pub fn drive<F: Future>(&self, until: F) {
        struct Driven<'a>(&'a Watch);
        impl Drop for Driven<'_> {
            fn drop(&mut self) {
                self.0.driven.store(false, Ordering::Relaxed);
            }
        }
        let _at_hand = self.at_hand();
        let _driven = Driven(&self.watch);
        // Relaxed: who reads an old value drives by itself, and this thread comes after it.
        self.watch.driven.store(true, Ordering::Relaxed);
        self.get().block_on(until);
    }

    /// Whether the boot thread is in [`drive`](Runtime::drive).
    pub fn is_driven(&self) -> bool {
        self.watch.driven.load(Ordering::Relaxed)
    }

    /// Looks whether the runtime is lost: see `lost.rs`.
    pub fn is_lost(&self) -> bool {
        self.tokio.is_some() && self.watch.is_lost()
    }

    /// Leaves a lost runtime as it is.
    fn leave(&mut self) {
        mem::forget(self.tokio.take());
    }

    fn waiting(&self) -> Waiting<'_> {
        Waiting {
            handle: self.get().handle(),
            runtime: Some(self.get()),
            watch: &self.watch,
        }
    }

    /// The same as [`enter`](Runtime::enter), and [`block_on`] and [`handle`] find it on this thread although
    /// the gate is closed: around code of the author's that rt0 itself runs.
    pub fn at_hand(&self) -> impl Sized + '_ {
        struct PutBack(Option<AtHand>);
        impl Drop for PutBack {
            fn drop(&mut self) {
                AT_HAND.set(self.0);
            }
        }
        let at_hand = self.tokio.is_some().then(|| AtHand {
            number: self.watch.number,
            runtime: NonNull::from(self),
        });
        let put_back = PutBack(AT_HAND.replace(at_hand));
        (put_back, self.enter())
    }

    /// Makes this the runtime that tokio's free functions find on this thread.
    pub fn enter(&self) -> Option<EnterGuard<'_>> {
        self.tokio.as_ref().map(tokio::runtime::Runtime::enter)
    }

    /// Has all of its threads settle their signals again, where they are not busy.
    pub fn settle_signals(&self) {
        if let Some(tokio) = &self.tokio {
            let threads = || self.threads.load(Ordering::Relaxed);
            meeting::on_all_threads(tokio.handle(), threads, super::settle_signals_again);
        }
    }

    /// How many worker threads there are.
    pub fn workers(&self) -> usize {
        self.tokio
            .as_ref()
            .map_or(0, |runtime| runtime.metrics().num_workers())
    }

    /// Runs a future to its end, or until the time is over; then it is dropped.
    ///
    /// # Errors
    /// It was late, or it panicked.
    pub fn block_on_for<F>(&self, future: F, time: Option<Duration>) -> Result<F::Output, String>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        in_time::run(self.get(), future, time)
    }

    /// Ends the runtime; waits for its threads, at most for this time. How many are still there. Those
    /// of a runtime that was abandoned are nobody's concern any more.
    pub fn shut_down(&mut self, time: Option<Duration>) -> usize {
        if self.is_lost() && !sabotage::NO_LOST_LEFT {
            self.leave();
            return 0;
        }
        let Some(runtime) = self.tokio.take() else {
            return 0;
        };
        let _over = Over(&self.watch);
        match time {
            Some(time) => runtime.shutdown_timeout(time),
            None => drop(runtime),
        }
        self.threads.load(Ordering::Relaxed)
    }

    /// Ends the runtime without waiting: a thread that is busy ends when it is done.
    pub fn abandon(&mut self) {
        if self.is_lost() {
            self.leave();
        }
        if let Some(runtime) = self.tokio.take() {
            let _over = Over(&self.watch);
            runtime.shutdown_background();
        }
    }

    fn handle(&self) -> Result<&Handle, Error> {
        self.watch.check()?;
        Ok(self.get().handle())
    }

    fn get(&self) -> &tokio::runtime::Runtime {
        self.tokio.as_ref().expect(
            "an async function needs a runtime: this library was built with runtime = \"none\"",
        )
    }
}

/// Held while a runtime ends. When this is dropped its descriptors are no longer the runtime's, also where tokio
/// panics, as it does in async code: the next runtime may get the same numbers.
struct Over<'a>(&'a Watch);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() || !sabotage::NO_FORGOTTEN_NUMBERS {
            self.0.ended();
        }
    }
}

#[derive(Clone, Copy)]
struct AtHand {
    /// Of which generation: a child of the author's code that forks has a copy of its parent's.
    number: u32,
    runtime: NonNull<Runtime>,
}

/// The runtime of a thread of its own.
struct Mine {
    handle: Handle,
    watch: Arc<Watch>,
}

thread_local! {
    /// The runtime that [`Runtime::at_hand`] has been called for, and is borrowed for.
    static AT_HAND: Cell<Option<AtHand>> = const { Cell::new(None) };
    /// The runtime whose thread this is.
    static MINE: Cell<Option<Mine>> = const { Cell::new(None) };
}

/// Runs `f` with the runtime that is at hand here, if one of the present generation is.
fn at_hand<R>(f: impl FnOnce(&Runtime) -> R) -> Option<R> {
    let at_hand = AT_HAND.get().filter(|at| at.number == page().number())?;
    // SAFETY: `at_hand` has borrowed it on this thread, and takes it back before the borrow ends. Where the
    // generation is lost it is never freed.
    Some(f(unsafe { at_hand.runtime.as_ref() }))
}

/// What a thread of the present generation's runtime can wait with. `None`: it is none.
fn mine() -> Option<Mine> {
    if !super::on_own_thread() {
        return None;
    }
    let mine = MINE.try_with(|mine| {
        let taken = mine.take();
        let copy = taken.as_ref().map(|mine| Mine {
            handle: mine.handle.clone(),
            watch: mine.watch.clone(),
        });
        mine.set(taken);
        copy
    });
    mine.ok().flatten()
}

/// Whether this is a thread that tokio has made for a runtime of ours.
pub(super) fn is_runtimes_thread() -> bool {
    mine().is_some()
}

/// The runtime that this thread belongs to, has at hand, or uses in a call.
pub(super) fn watched_here() -> Option<Arc<Watch>> {
    at_hand(|runtime| runtime.watch.clone())
        .or_else(|| mine().map(|mine| mine.watch))
        .or_else(|| Generation::hold_here().map(|held| held.generation().runtime.watch.clone()))
}

/// Looks whether the present runtime is lost, from any thread.
pub(crate) fn is_lost() -> bool {
    let there = || {
        let state = page().gate.state().reported();
        matches!(state, State::Ready | State::Failed)
    };
    let Some(_inside) = Inside::enter(there) else {
        return false;
    };
    // SAFETY: `_inside` holds a shutdown off.
    unsafe { Generation::present() }.is_some_and(|generation| generation.runtime.is_lost())
}

/// Waits for a future; a panic of tokio's driver in it is told as what it is.
fn whole<F: Future>(
    waiting: Waiting<'_>,
    future: F,
    time: Option<Duration>,
) -> Result<F::Output, Error> {
    let end = time.and_then(|time| Instant::now().checked_add(time));
    // What the future touched is dropped by the unwinding, or goes on with it.
    match catch_unwind(AssertUnwindSafe(|| waiting.wait(future, end))) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(Ended::Lost)) => Err(lost::error()),
        Ok(Err(Ended::Late)) => {
            let name = rt0_core::this_library().map_or("rt0", |library| library.name());
            let text = format!("{name}: the async code was not done in time, and was dropped");
            Err(Error::new(Status::TimedOut, text))
        }
        Err(payload) if waiting.watch.is_lost() => {
            drop(panic::text(payload));
            Err(lost::error())
        }
        Err(payload) => resume_unwind(payload),
    }
}

/// Ends the call with this error. Not with the panic hook: there is nothing to be printed.
fn refuse(error: Error) -> ! {
    match error.status() {
        Status::RuntimeLost => resume_unwind(Box::new(error)),
        _ => panic!("{error}"),
    }
}

/// Runs a future on this thread, to its end, with the library's runtime: its tasks, timers and
/// descriptors make progress meanwhile, whoever made them.
///
/// This is the way to wait for async code in an export. `handle().block_on` does the same as long as
/// the runtime has threads of its own, or the boot thread drives it. Under the start policy `quiet`
/// nobody does but the calls that are inside this function, and tokio's handle would wait for ever for
/// a task, a timer or a socket.
///
/// Waits until boot is done, as every call does; a shutdown waits for the end of it. Inside a call it
/// works to the call's end, though a shutdown has begun. Works in init, main and exit, too, where they
/// are not async. A `pthread_cancel` of this thread waits for the end of it, too.
///
/// # Panics
/// As [`handle`]; and inside async code, where waiting would hold up a runtime. When the host has closed the
/// runtime's descriptors: an export then ends with `RUNTIME_LOST`, at once or within a second.
pub fn block_on<F: Future>(future: F) -> F::Output {
    try_block_on(future, None).unwrap_or_else(|error| refuse(error))
}

/// [`block_on`] for at most this time; then the future is dropped.
///
/// ```no_run
/// # use std::time::Duration;
/// # async fn ask() -> u32 { 7 }
/// fn hand_written() -> Result<u32, rt0::Error> {
///     rt0::block_on_for(Duration::from_secs(5), ask())
/// }
/// ```
///
/// # Errors
/// `TIMED_OUT` when the future is not done by then, `RUNTIME_LOST` when the host has closed the runtime's
/// descriptors, and whatever keeps the library from being ready.
///
/// # Panics
/// Inside async code, where waiting would hold up a runtime; when the library was built with
/// `runtime = "none"`; and when the future does.
pub fn block_on_for<F: Future>(timeout: Duration, future: F) -> Result<F::Output, Error> {
    try_block_on(future, Some(timeout))
}

fn try_block_on<F: Future>(future: F, time: Option<Duration>) -> Result<F::Output, Error> {
    let _uncancelled = Uncancelled::for_rt0();
    let mut future = Some(future);
    let mut take = || future.take().expect("one of these waits for it");
    if let Some(result) = at_hand(|runtime| whole(runtime.waiting(), take(), time)) {
        return result;
    }
    if let Some(mine) = mine() {
        // The runtime waits for this thread, which must not hold a shutdown up as well.
        let waiting = Waiting {
            handle: &mine.handle,
            runtime: None,
            watch: &mine.watch,
        };
        return whole(waiting, take(), time);
    }
    // Its own, though the call around it may have one: the future may drop that.
    if let Some(held) = Generation::hold_here() {
        return whole(held.generation().runtime.waiting(), take(), time);
    }
    let ready = ready::ready(time)?;
    whole(ready.generation().runtime.waiting(), take(), time)
}

/// The library's runtime. Waits until boot is done, as every call does; inside init, main and their
/// tasks it is at hand, and inside a call to the call's end, though a shutdown has begun. It is always the
/// library's own, whatever other runtime may be entered there.
///
/// # Panics
/// When the library is not ready in time, when it was built with `runtime = "none"`, and when the host has
/// closed the runtime's descriptors: see [`block_on`].
pub fn handle() -> Handle {
    with_handle(Handle::clone).unwrap_or_else(|error| refuse(error))
}

/// Calls `f` with the library's runtime, which is there until it returns.
fn with_handle<R>(f: impl FnOnce(&Handle) -> R) -> Result<R, Error> {
    let mut f = Some(f);
    let mut give = |handle: &Handle| f.take().expect("one of these has it")(handle);
    if sabotage::NO_OWN_HANDLE
        && super::on_own_thread()
        && let Ok(entered) = Handle::try_current()
    {
        return Ok(give(&entered));
    }
    // Before boot is done, and while the generation ends, the library's own threads have it at hand.
    if let Some(result) = at_hand(|runtime| give(runtime.get().handle())) {
        return Ok(result);
    }
    if let Some(mine) = mine() {
        return Ok(give(&mine.handle));
    }
    if let Some(held) = Generation::hold_here() {
        return Ok(give(held.generation().runtime.handle()?));
    }
    let ready = ready::ready(None)?;
    Ok(give(ready.generation().runtime.handle()?))
}

/// Spawns a task on the library's runtime, from any thread. Under the start policy `quiet` it makes
/// progress only while a call is inside [`block_on`].
///
/// # Panics
/// As [`handle`].
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    // A waker may write.
    let _uncancelled = Uncancelled::for_rt0();
    with_handle(|handle| handle.spawn(future)).unwrap_or_else(|error| refuse(error))
}

/// Nothing is missing: async functions have a runtime.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt0_require_async {
    ($what:literal) => {};
}
#[doc(hidden)]
pub use crate::__rt0_require_async as require_async;

/// # Errors
/// These threads do not fit into memory. tokio's builder would panic; where the last of it is taken by a
/// stack, std ends the process.
fn look_for_room(threads: usize, stack_size: usize) -> Result<(), String> {
    if address_space::has_room_for(threads.saturating_mul(stack_size)) {
        return Ok(());
    }
    Err(format!(
        "the async runtime could not be started: there is no memory for {threads} threads with stacks of \
         {} KiB each; raise the process's limit, or set RT0_WORKERS or RT0_STACK_SIZE to less, \
         or RT0_START=quiet, which needs no thread",
        stack_size / 1024
    ))
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, |count| count.get())
}

fn numbered(name: &str, number: usize) -> String {
    let number = format!("-{number}");
    let mut end = name.len().min(NAME_LEN - number.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{number}", &name[..end])
}
