//! tokio as the library's runtime.

use std::cell::Cell;
use std::future::Future;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rt0_core::generation::page;
use rt0_core::room;
use tokio::runtime::{Builder, EnterGuard, Handle};
use tokio::task::JoinHandle;

use crate::config::{RuntimeKind, Settings};
use crate::generation::Generation;
use crate::uncancelled::Uncancelled;
use crate::{Error, descriptors, leaks, ready};

use super::{building, in_time, meeting};

/// The longest thread name that Linux keeps.
const NAME_LEN: usize = 15;

/// A runtime, or none for a library that wants none.
pub(crate) struct Runtime {
    tokio: Option<tokio::runtime::Runtime>,
    /// How many threads it has.
    threads: Arc<AtomicUsize>,
}

impl Runtime {
    /// No runtime.
    pub fn none() -> Runtime {
        Runtime {
            tokio: None,
            threads: Arc::default(),
        }
    }

    /// # Errors
    /// What tokio or the operating system says.
    pub fn build(settings: &Settings) -> Result<Runtime, String> {
        // tokio would ask the environment for what it is not told here; see `rt0_core::args`.
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
        builder
            .thread_name_fn(move || numbered(&name, count.fetch_add(1, Ordering::Relaxed)))
            .on_thread_start(move || {
                super::thread_starts();
                building::wait();
                more.fetch_add(1, Ordering::Relaxed);
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
        leaks::unnoticed(|| {
            let built = building::build(|| descriptors::with_high_numbers(|| builder.build()))?;
            if leaks::are_looked_for()
                && let Ok(tokio) = &built
            {
                // What tokio makes for a thread that waits: now, not in the author's init.
                tokio.block_on(async {});
            }
            Ok::<_, String>(built)
        })?
        .map(|tokio| Runtime {
            tokio: Some(tokio),
            threads,
        })
        .map_err(|error| format!("the async runtime could not be started: {error}"))
    }

    /// Runs a future on this thread.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.get().block_on(future)
    }

    /// The same as [`enter`](Runtime::enter), and [`block_on`] finds it on this thread although the gate
    /// is closed: around code of the author's that rt0 itself runs, and that is not async.
    pub fn at_hand(&self) -> impl Sized + '_ {
        struct PutBack(Option<AtHand>);
        impl Drop for PutBack {
            fn drop(&mut self) {
                AT_HAND.set(self.0);
            }
        }
        let at_hand = self.tokio.as_ref().map(|tokio| AtHand {
            number: page().number(),
            runtime: NonNull::from(tokio),
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
        let Some(runtime) = self.tokio.take() else {
            return 0;
        };
        match time {
            Some(time) => runtime.shutdown_timeout(time),
            None => drop(runtime),
        }
        self.threads.load(Ordering::Relaxed)
    }

    /// Ends the runtime without waiting: a thread that is busy ends when it is done.
    pub fn abandon(&mut self) {
        if let Some(runtime) = self.tokio.take() {
            runtime.shutdown_background();
        }
    }

    fn get(&self) -> &tokio::runtime::Runtime {
        self.tokio.as_ref().expect(
            "an async function needs a runtime: this library was built with runtime = \"none\"",
        )
    }
}

#[derive(Clone, Copy)]
struct AtHand {
    /// Of which generation: a child of the author's code that forks has a copy of its parent's.
    number: u32,
    runtime: NonNull<tokio::runtime::Runtime>,
}

thread_local! {
    /// The runtime that [`Runtime::at_hand`] has been called for, and is borrowed for.
    static AT_HAND: Cell<Option<AtHand>> = const { Cell::new(None) };
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
/// As [`handle`]; and inside async code, where waiting would hold up a runtime.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let _uncancelled = Uncancelled::for_rt0();
    if let Some(at_hand) = AT_HAND.get()
        && at_hand.number == page().number()
    {
        // SAFETY: `at_hand` has borrowed it on this thread, and takes it back before the borrow ends.
        return unsafe { at_hand.runtime.as_ref() }.block_on(future);
    }
    if super::on_own_thread() {
        // The runtime waits for this thread, which must not hold a shutdown up as well.
        return handle().block_on(future);
    }
    if let Some(generation) = Generation::held_here() {
        return generation.runtime.block_on(future);
    }
    let ready = ready::ready(None).unwrap_or_else(|error| panic!("{error}"));
    ready.generation().runtime.block_on(future)
}

/// The library's runtime. Waits until boot is done, as every call does; inside init, main and their
/// tasks it is at hand, and inside a call to the call's end, though a shutdown has begun.
///
/// # Panics
/// When the library is not ready in time, and when it was built with `runtime = "none"`.
pub fn handle() -> Handle {
    // Before boot is done, and while the generation ends, the library's own threads have it at hand.
    let closed = !rt0_core::is_ready();
    if closed
        && super::on_own_thread()
        && let Ok(handle) = Handle::try_current()
    {
        return handle;
    }
    try_handle().unwrap_or_else(|error| panic!("{error}"))
}

fn try_handle() -> Result<Handle, Error> {
    if let Some(generation) = Generation::held_here() {
        return Ok(generation.runtime.get().handle().clone());
    }
    let ready = ready::ready(None)?;
    let generation: &Generation = ready.generation();
    Ok(generation.runtime.get().handle().clone())
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
    handle().spawn(future)
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
    if room::is_left(threads.saturating_mul(stack_size)) {
        return Ok(());
    }
    Err(format!(
        "the async runtime could not be started: there is no memory for {threads} threads with stacks of \
         {} KiB each; raise the process's limit, or set RT0_WORKERS or RT0_STACK_SIZE to less",
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
