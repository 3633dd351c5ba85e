//! tokio as the library's runtime.

pub(crate) mod building;
mod erased;
mod in_time;
pub(crate) mod lost;
mod meeting;
pub(crate) mod on_thread;
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
use self::this_thread::OwnRuntime;
use self::waiting::{Waiting, wait_or_error};
use super::own_thread::{self, on_own_thread};
use super::settings::{RuntimeKind, Settings};
use super::signals::{settle_signals, settle_signals_if_changed};
use crate::error::Error;
use crate::interpose::descriptors;
use crate::platform::{leaks, processors};

/// The longest thread name that Linux keeps.
const NAME_LEN: usize = 15;

/// A runtime, or nothing for a library without one.
pub(crate) struct Runtime {
    tokio: Option<tokio::runtime::Runtime>,
    /// How many threads the runtime has.
    threads: Arc<AtomicUsize>,
    watch: Arc<Watch>,
    /// Whether the library must make no thread, not even one that keeps the time.
    makes_no_thread: bool,
}

impl Runtime {
    /// No runtime.
    pub fn none() -> Runtime {
        Runtime {
            tokio: None,
            threads: Arc::default(),
            watch: Arc::new(Watch::new(page().number(), &[])),
            makes_no_thread: false,
        }
    }

    /// Builds the runtime. Each of its threads that finds the descriptors gone calls `when_lost`.
    ///
    /// # Errors
    /// The error of tokio or of the operating system.
    pub fn build(settings: &Settings, when_lost: fn()) -> Result<Runtime, String> {
        // Set everything that tokio would otherwise read from the environment; see
        // `rt0_core::library::arguments`.
        let workers = settings.workers.unwrap_or_else(processors::count);
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
        let watch = Arc::new(Watch::new(page().number(), settings.parts));
        let watched = watch.clone();
        let (starts, stops) = (settings.on_thread_start, settings.on_thread_stop);
        builder
            .thread_name_fn(move || numbered(&name, count.fetch_add(1, Ordering::Relaxed)))
            .on_thread_start(move || {
                thread_starts(watched.number);
                building::wait();
                more.fetch_add(1, Ordering::Relaxed);
                // tokio has entered the runtime that this thread is made for, and nothing has entered another
                // one.
                OwnRuntime::set(watched.clone());
                if let Some(starts) = starts {
                    starts();
                }
            })
            .on_thread_unpark(settle_signals_if_changed)
            .on_thread_stop(move || {
                if let Some(stops) = stops {
                    stops();
                }
                fewer.fetch_sub(1, Ordering::Relaxed);
            })
            .enable_all();
        if settings.quiet {
            // Threads for blocking tasks exist only if the author's code asks for them. They end at once.
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
            if leaks::are_looked_for() {
                if let Ok(tokio) = &built {
                    // Makes tokio allocate what it needs for a waiting thread now, not in the author's init.
                    erased::block_on(tokio, async {});
                }
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

    /// Runs a future on a thread that nobody waits for: main's.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        erased::block_on(self.tokio(), future)
    }

    /// Runs a future on a thread that something waits for.
    ///
    /// # Panics
    /// If the runtime is lost. The payload is an [`Error`].
    pub fn wait_for<F: Future>(&self, future: F) -> F::Output {
        self.try_wait_for(future, None)
            .unwrap_or_else(|error| refuse(error))
    }

    /// Like [`wait_for`](Runtime::wait_for), for at most `time`.
    ///
    /// # Errors
    /// The time is over, or the runtime is lost.
    pub fn try_wait_for<F: Future>(
        &self,
        future: F,
        time: Option<Duration>,
    ) -> Result<F::Output, Error> {
        wait_or_error(self.waiting(), future, time)
    }

    /// Waits on this thread, which drives the runtime if no other thread does.
    fn waiting(&self) -> Waiting<'_> {
        Waiting {
            handle: self.tokio().handle(),
            runtime: Some(self.tokio()),
            watch: &self.watch,
        }
    }

    /// Drives the runtime on the boot thread, until `until` is done.
    pub fn drive<F: Future>(&self, until: F) {
        struct Driven<'a>(&'a Watch);
        impl Drop for Driven<'_> {
            fn drop(&mut self) {
                self.0.driven.store(false, Ordering::Relaxed);
            }
        }
        let _at_hand = self.at_hand();
        let _driven = Driven(&self.watch);
        // Relaxed: a call that reads an old value drives the runtime itself, and this thread takes over after
        // it.
        self.watch.driven.store(true, Ordering::Relaxed);
        erased::block_on(self.tokio(), until);
    }

    /// Whether the boot thread is in [`drive`](Runtime::drive).
    pub fn is_driven(&self) -> bool {
        self.watch.driven.load(Ordering::Relaxed)
    }

    /// Whether calls drive the runtime: it has no threads of its own, and the boot thread does not drive it.
    pub fn is_driven_by_calls(&self) -> bool {
        self.tokio.is_some() && self.waiting().calls_drive()
    }

    /// Whether the runtime is lost: see `lost.rs`.
    pub fn is_lost(&self) -> bool {
        self.tokio.is_some() && self.watch.is_lost()
    }

    /// The watch that detects its loss.
    pub fn watch(&self) -> &Arc<Watch> {
        &self.watch
    }

    /// Leaves a lost runtime as it is.
    fn leave(&mut self) {
        mem::forget(self.tokio.take());
    }

    /// Makes this the runtime that tokio's free functions use on this thread.
    pub fn enter(&self) -> Option<EnterGuard<'_>> {
        self.tokio.as_ref().map(tokio::runtime::Runtime::enter)
    }

    /// Makes all threads of the runtime that are not busy settle their signals again.
    pub fn settle_signals(&self) {
        if let Some(tokio) = &self.tokio {
            let threads = || self.threads.load(Ordering::Relaxed);
            meeting::on_all_threads(tokio.handle(), threads, settle_signals_if_changed);
        }
    }

    /// How the author's `on_thread_start` or `on_thread_stop` failed, if one did.
    pub fn thread_failure(&self) -> Option<&String> {
        self.watch.thread_failure.get()
    }

    /// The number of worker threads.
    pub fn workers(&self) -> usize {
        self.tokio
            .as_ref()
            .map_or(0, |runtime| runtime.metrics().num_workers())
    }

    /// Runs a future to completion, or drops it when the time is over.
    ///
    /// # Errors
    /// The future did not finish in time, it panicked, or the runtime was lost.
    pub fn block_on_for<F>(&self, future: F, time: Option<Duration>) -> Result<F::Output, String>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        in_time::run(
            self.tokio(),
            self.waiting(),
            future,
            time,
            self.makes_no_thread,
        )
    }

    /// Ends the runtime, and waits for its threads for at most this time. Returns how many threads are still
    /// running. For a runtime that was abandoned or lost it returns 0.
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

    /// Ends the runtime without waiting. A busy thread ends when it is done.
    pub fn abandon(&mut self) {
        if self.is_lost() {
            self.leave();
        }
        if let Some(runtime) = self.tokio.take() {
            let _over = Over(&self.watch);
            runtime.shutdown_background();
        }
    }

    /// tokio's handle.
    ///
    /// # Errors
    /// The runtime is lost.
    pub fn handle(&self) -> Result<&Handle, Error> {
        self.watch.check()?;
        Ok(self.tokio().handle())
    }

    /// tokio's own runtime.
    pub fn tokio(&self) -> &tokio::runtime::Runtime {
        self.tokio.as_ref().expect(
            "an async function needs a runtime: this library was built with runtime = \"none\"",
        )
    }
}

/// Held while a runtime ends. Dropping it forgets the runtime's descriptors, because the next runtime may get
/// the same numbers. That must happen even if tokio panics, as it does when a runtime ends inside async code.
struct Over<'a>(&'a Watch);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() || !sabotage::NO_FORGOTTEN_NUMBERS {
            self.0.ended();
        }
    }
}

/// Ends the call with this error. A lost runtime unwinds without the panic hook, because there is nothing to
/// print.
pub(crate) fn refuse(error: Error) -> ! {
    match error.status() {
        Status::RuntimeLost => resume_unwind(Box::new(error)),
        _ => panic!("{error}"),
    }
}

/// What each of the runtime's threads does first. A thread that tokio makes from a host's thread has that
/// thread's signal mask, not the boot thread's. `number` is that of the generation that built the runtime; a
/// thread that starts late may find another number on the page.
fn thread_starts(number: u32) {
    own_thread::begins(number);
    descriptors::on_worker();
    settle_signals();
}

/// Checks that the threads' stacks fit into memory. Otherwise tokio's builder would panic, or std would end
/// the process when a stack has taken the last of the memory.
///
/// # Errors
/// The stacks do not fit.
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

fn numbered(name: &str, number: usize) -> String {
    let number = format!("-{number}");
    let mut end = name.len().min(NAME_LEN - number.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{number}", &name[..end])
}
