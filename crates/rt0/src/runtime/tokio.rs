//! tokio as the library's runtime.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use tokio::runtime::{Builder, EnterGuard, Handle};
use tokio::task::JoinHandle;

use crate::config::{RuntimeKind, Settings};
use crate::generation::Generation;
use crate::{Error, ready};

use super::building;

pub(crate) use building::panicked;

/// The longest thread name that Linux keeps.
const NAME_LEN: usize = 15;

/// A runtime, or none for a library that wants none.
pub(crate) struct Runtime(Option<tokio::runtime::Runtime>);

impl Runtime {
    /// No runtime.
    pub const NONE: Runtime = Runtime(None);

    /// # Errors
    /// What tokio or the operating system says. It can also panic when threads run out.
    pub fn build(settings: &Settings) -> Result<Runtime, String> {
        let mut builder = match settings.runtime {
            RuntimeKind::None => return Ok(Runtime::NONE),
            RuntimeKind::CurrentThread => Builder::new_current_thread(),
            RuntimeKind::MultiThread => Builder::new_multi_thread(),
        };
        // tokio would ask the environment for what it is not told here; see `rt0_core::args`.
        builder.worker_threads(settings.workers.unwrap_or_else(processors));
        if let Some(size) = settings.stack_size {
            builder.thread_stack_size(size);
        }
        let name = settings.thread_name.clone();
        let count = AtomicUsize::new(0);
        builder
            .thread_name_fn(move || numbered(&name, count.fetch_add(1, Ordering::Relaxed)))
            .on_thread_start(|| {
                super::thread_starts();
                building::wait();
            })
            .enable_all();
        building::build(|| builder.build())
            .map(|runtime| Runtime(Some(runtime)))
            .map_err(|error| format!("the async runtime could not be started: {error}"))
    }

    /// Runs a future on this thread.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.get().block_on(future)
    }

    /// Makes this the runtime that tokio's free functions find on this thread.
    pub fn enter(&self) -> Option<EnterGuard<'_>> {
        self.0.as_ref().map(tokio::runtime::Runtime::enter)
    }

    /// How many worker threads there are.
    pub fn workers(&self) -> usize {
        self.0
            .as_ref()
            .map_or(0, |runtime| runtime.metrics().num_workers())
    }

    /// Runs a future to its end; `None` when the time was over first. The future is then dropped.
    pub fn block_on_for<F>(&self, future: F, time: Option<Duration>) -> Option<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let (send, receive) = mpsc::sync_channel(1);
        let task = async move {
            let _ = send.send(future.await);
        };
        let Some(runtime) = &self.0 else { return None };
        if runtime.handle().runtime_flavor() == tokio::runtime::RuntimeFlavor::CurrentThread {
            // Nobody drives it any more: the boot thread is joined.
            runtime.block_on(task);
            return receive.try_recv().ok();
        }
        let task = runtime.spawn(task);
        let result = match time {
            Some(time) => receive.recv_timeout(time).ok(),
            None => receive.recv().ok(),
        };
        task.abort();
        result
    }

    /// Ends the runtime; waits for its threads, at most for this time.
    pub fn shut_down(&mut self, time: Option<Duration>) {
        if let Some(runtime) = self.0.take() {
            match time {
                Some(time) => runtime.shutdown_timeout(time),
                None => drop(runtime),
            }
        }
    }

    fn get(&self) -> &tokio::runtime::Runtime {
        self.0.as_ref().expect(
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
    match (rt0_core::is_ready(), Handle::try_current()) {
        // Before boot is done and while it ends, only the library's own threads have one.
        (false, Ok(handle)) => handle,
        _ => try_handle().unwrap_or_else(|error| panic!("{error}")),
    }
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
