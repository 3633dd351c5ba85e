//! tokio as the library's runtime.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::runtime::{Builder, EnterGuard, Handle};
use tokio::task::JoinHandle;

use crate::config::{RuntimeKind, Settings};
use crate::generation::Generation;
use crate::{Error, ready};

use super::{building, in_time};

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
        let mut builder = match settings.runtime {
            RuntimeKind::None => return Ok(Runtime::none()),
            RuntimeKind::CurrentThread => Builder::new_current_thread(),
            RuntimeKind::MultiThread => Builder::new_multi_thread(),
        };
        // tokio would ask the environment for what it is not told here; see `rt0_core::args`.
        builder.worker_threads(settings.workers.unwrap_or_else(processors));
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
            .on_thread_stop(move || {
                fewer.fetch_sub(1, Ordering::Relaxed);
            })
            .enable_all();
        building::build(|| builder.build())?
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

    /// Makes this the runtime that tokio's free functions find on this thread.
    pub fn enter(&self) -> Option<EnterGuard<'_>> {
        self.tokio.as_ref().map(tokio::runtime::Runtime::enter)
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

/// The library's runtime. Waits until boot is done, as every call does; inside init, main and their
/// tasks it is at hand.
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
    let ready = ready::ready(None)?;
    let generation: &Generation = ready.generation();
    Ok(generation.runtime.get().handle().clone())
}

/// Spawns a task on the library's runtime, from any thread.
///
/// # Panics
/// As [`handle`].
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
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
