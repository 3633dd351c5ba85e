//! tokio as the library's runtime.

pub(crate) mod building;
mod in_time;
pub(crate) mod lost;
mod meeting;
pub(crate) mod this_thread;
mod waiting;

use std::fmt::Display;
use std::future::Future;
use std::mem;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rt0_core::generation::page;
use rt0_core::platform::address_space;
use rt0_core::{Status, sabotage};
use tokio::runtime::{Builder, EnterGuard, Handle};

use self::lost::Watch;
use self::this_thread::Mine;
use self::waiting::{Waiting, whole};
use super::own_thread::{self, on_own_thread};
use super::settings::{RuntimeKind, Settings};
use super::signals::{settle_signals, settle_signals_again};
use crate::error::Error;
use crate::interpose::descriptors;
use crate::platform::leaks;

/// The longest thread name that Linux keeps.
const NAME_LEN: usize = 15;

/// A runtime, or none for a library that wants none.
pub(crate) struct Runtime {
    tokio: Option<tokio::runtime::Runtime>,
    /// How many threads it has.
    threads: Arc<AtomicUsize>,
    watch: Arc<Watch>,
    /// Whether no thread may be made, not even one that looks at the clock.
    makes_no_thread: bool,
}

impl Runtime {
    /// No runtime.
    pub fn none() -> Runtime {
        Runtime {
            tokio: None,
            threads: Arc::default(),
            watch: Arc::new(Watch::new(page().number())),
            makes_no_thread: false,
        }
    }

    /// `when_lost` is called on each of its threads that finds its descriptors gone.
    ///
    /// # Errors
    /// What tokio or the operating system says.
    pub fn build(settings: &Settings, when_lost: fn()) -> Result<Runtime, String> {
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
                thread_starts(watched.number);
                building::wait();
                more.fetch_add(1, Ordering::Relaxed);
                // tokio has entered the runtime that the thread is made for, and nobody another.
                Mine::set(watched.clone());
            })
            .on_thread_unpark(settle_signals_again)
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
                "the async runtime could not start: {error}; raise the process's limit, set RT0_WORKERS \
                 lower, or set RT0_START=quiet, which needs no thread"
            )
        };
        let (tokio, descriptors) = leaks::unnoticed(|| {
            let (built, descriptors) =
                building::build(|| descriptors::with_high_numbers(when_lost, || builder.build()))?;
            if leaks::are_looked_for()
                && let Ok(tokio) = &built
            {
                // What tokio makes for a thread that waits: now, not in the author's init.
                tokio.block_on(async {});
            }
            Ok::<_, String>((built, descriptors))
        })
        .map_err(|panic| failed(&panic))?;
        let tokio = tokio.map_err(|error| failed(&error))?;
        watch.watch(descriptors);
        Ok(Runtime {
            tokio: Some(tokio),
            threads,
            watch,
            makes_no_thread: settings.quiet,
        })
    }

    /// Runs a future on this thread, which nobody waits for: main.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.tokio().block_on(future)
    }

    /// The same on a thread that somebody waits for.
    ///
    /// # Panics
    /// When the runtime is lost: the payload is an [`Error`].
    pub fn wait_for<F: Future>(&self, future: F) -> F::Output {
        self.try_wait_for(future, None)
            .unwrap_or_else(|error| refuse(error))
    }

    /// The same, for at most this time.
    ///
    /// # Errors
    /// The time is over, or the runtime is lost.
    pub fn try_wait_for<F: Future>(
        &self,
        future: F,
        time: Option<Duration>,
    ) -> Result<F::Output, Error> {
        let waiting = Waiting {
            handle: self.tokio().handle(),
            runtime: Some(self.tokio()),
            watch: &self.watch,
        };
        whole(waiting, future, time)
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
        self.tokio().block_on(until);
    }

    /// Whether the boot thread is in [`drive`](Runtime::drive).
    pub fn is_driven(&self) -> bool {
        self.watch.driven.load(Ordering::Relaxed)
    }

    /// Looks whether the runtime is lost: see `lost.rs`.
    pub fn is_lost(&self) -> bool {
        self.tokio.is_some() && self.watch.is_lost()
    }

    /// Who watches whether it is lost.
    pub fn watch(&self) -> &Arc<Watch> {
        &self.watch
    }

    /// Leaves a lost runtime as it is.
    fn leave(&mut self) {
        mem::forget(self.tokio.take());
    }

    /// Makes this the runtime that tokio's free functions find on this thread.
    pub fn enter(&self) -> Option<EnterGuard<'_>> {
        self.tokio.as_ref().map(tokio::runtime::Runtime::enter)
    }

    /// Has all of its threads settle their signals again, where they are not busy.
    pub fn settle_signals(&self) {
        if let Some(tokio) = &self.tokio {
            let threads = || self.threads.load(Ordering::Relaxed);
            meeting::on_all_threads(tokio.handle(), threads, settle_signals_again);
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
        in_time::run(
            self.tokio(),
            &self.watch,
            future,
            time,
            self.makes_no_thread,
        )
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

    /// # Errors
    /// It is lost.
    pub fn handle(&self) -> Result<&Handle, Error> {
        self.watch.check()?;
        Ok(self.tokio().handle())
    }

    /// tokio's own.
    pub fn tokio(&self) -> &tokio::runtime::Runtime {
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

/// Ends the call with this error. Not with the panic hook: there is nothing to be printed.
pub(crate) fn refuse(error: Error) -> ! {
    match error.status() {
        Status::RuntimeLost => resume_unwind(Box::new(error)),
        _ => panic!("{error}"),
    }
}

/// What each of the runtime's threads does first. Those that tokio makes from a host's thread have
/// that thread's signal mask, not the boot thread's. The number is that of the generation which has built
/// the runtime: a thread that comes late may find another on the page.
fn thread_starts(number: u32) {
    own_thread::begins(number);
    descriptors::on_worker();
    settle_signals();
}

/// # Errors
/// These threads do not fit into memory. tokio's builder would panic; where the last of it is taken by a
/// stack, std ends the process.
fn look_for_room(threads: usize, stack_size: usize) -> Result<(), String> {
    if address_space::has_room_for(threads.saturating_mul(stack_size)) {
        return Ok(());
    }
    Err(format!(
        "the async runtime could not start: there is no memory for {threads} threads with stacks of {} KiB \
         each; raise the process's limit, set RT0_WORKERS or RT0_STACK_SIZE lower, or set RT0_START=quiet, \
         which needs no thread",
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
