//! Waits for a future on the thread of a call, and checks now and then that the runtime is still there.
//!
//! If the runtime has its own threads, or the boot thread drives it, this thread only polls the future.
//! Between polls it sleeps on a word of ours, because tokio's own sleep has no timeout. If calls drive the
//! runtime themselves, tokio sleeps in its `epoll`, and `interpose/descriptors` does the checking there.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use rt0_core::Status;
use rt0_core::sync::{Word, clock};
use tokio::runtime::{Handle, Runtime, RuntimeFlavor};

use super::erased::{self, Step, stepped};
use super::lost::{self, Watch};
use crate::error::Error;
use crate::interpose::descriptors::{self, LOOK};
use crate::runtime::{own_thread, panic};

/// How long a call with a deadline sleeps at a time while it drives the runtime: from `SHORTEST` up to
/// `LONGEST`.
const SHORTEST: Duration = Duration::from_micros(10);
const LONGEST: Duration = Duration::from_millis(1);

/// Why there is no value.
pub(super) enum Ended {
    /// The time is over.
    Late,
    /// The runtime is lost.
    Lost,
}

/// Waits for a future. A panic because the runtime is lost becomes an error.
pub(super) fn wait_or_error<F: Future>(
    waiting: Waiting<'_>,
    future: F,
    time: Option<Duration>,
) -> Result<F::Output, Error> {
    let (value, result) = stepped(future, |step| waiting.wait_or_error(step, time));
    result.map(|()| value.expect(DONE))
}

const DONE: &str = "a future that has ended has a value";

/// What a thread waits for.
pub(super) struct Waiting<'a> {
    pub handle: &'a Handle,
    /// The runtime, if this thread may drive it.
    pub runtime: Option<&'a Runtime>,
    pub watch: &'a Watch,
}

impl Waiting<'_> {
    /// Waits until the future is done, or the time is over.
    pub fn wait<F: Future>(&self, future: F, end: Option<Instant>) -> Result<F::Output, Ended> {
        let (value, result) = stepped(future, |step| self.wait_and_drop(step, end));
        result.map(|()| value.expect(DONE))
    }

    fn wait_or_error(&self, step: &mut Step<'_>, time: Option<Duration>) -> Result<(), Error> {
        let end = time.and_then(|time| Instant::now().checked_add(time));
        // What the future touched is dropped by the unwinding, or the panic continues below.
        match catch_unwind(AssertUnwindSafe(|| self.wait_and_drop(step, end))) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(Ended::Lost)) => Err(lost::error()),
            Ok(Err(Ended::Late)) => {
                let name = rt0_core::this_library().map_or("rt0", |library| library.name());
                let text = format!("{name}: the async code did not finish in time and was dropped");
                Err(Error::new(Status::TimedOut, text))
            }
            Err(payload) if self.watch.is_lost() => {
                drop(panic::text(payload));
                Err(lost::error())
            }
            Err(payload) => resume_unwind(payload),
        }
    }

    fn wait_and_drop(&self, step: &mut Step<'_>, end: Option<Instant>) -> Result<(), Ended> {
        let result = self.wait_until(step, end);
        let _ = step(None);
        result
    }

    fn wait_until(&self, step: &mut Step<'_>, end: Option<Instant>) -> Result<(), Ended> {
        if self.watch.is_lost() {
            return Err(Ended::Lost);
        }
        loop {
            match self.runtime.filter(|_| self.calls_drive()) {
                Some(runtime) => return self.drive(runtime, step, end),
                None => {
                    if let Some(result) = self.sleep(step, end) {
                        return result;
                    }
                }
            }
        }
    }

    pub fn calls_drive(&self) -> bool {
        // Relaxed: a thread that reads an old value checks again later.
        self.handle.runtime_flavor() == RuntimeFlavor::CurrentThread
            && !self.watch.driven.load(Ordering::Relaxed)
    }

    /// Waits while this thread drives the runtime, or takes over when another thread stops driving.
    fn drive(
        &self,
        runtime: &Runtime,
        step: &mut Step<'_>,
        end: Option<Instant>,
    ) -> Result<(), Ended> {
        let mut pause = SHORTEST;
        let polled = poll_fn(|context| {
            if self.watch.is_lost() {
                return Poll::Ready(Err(Ended::Lost));
            }
            descriptors::set_waker(context.waker());
            if step(Some(context)).is_ready() {
                return Poll::Ready(Ok(()));
            }
            let Some(end) = end else {
                return Poll::Pending;
            };
            if Instant::now() >= end {
                return Poll::Ready(Err(Ended::Late));
            }
            // The runtime's own clock may not be built in, and the library must not make a thread to wake
            // this one. Between two polls, tokio runs its tasks and checks its descriptors, but does not
            // sleep itself.
            clock::sleep(pause);
            pause = (pause * 2).min(LONGEST);
            context.waker().wake_by_ref();
            Poll::Pending
        });
        descriptors::driving(|| own_thread::driving(|| erased::block_on(runtime, polled)))
    }

    /// Waits while another thread drives the runtime: polls, and sleeps. `None` if nothing drives it any
    /// more.
    fn sleep(&self, step: &mut Step<'_>, end: Option<Instant>) -> Option<Result<(), Ended>> {
        let bell = Arc::new(Bell(Word::new(0)));
        let waker = Waker::from(bell.clone());
        let mut result = None;
        let polled = poll_fn(|tokios| {
            bell.0.change(1, 0);
            if step(Some(&mut Context::from_waker(&waker))).is_ready() {
                result = Some(Ok(()));
                return Poll::Ready(());
            }
            // Acquire pairs with the Release in `wake_by_ref`: what the waking thread did before is visible
            // here.
            while bell.0.load(Ordering::Acquire) == 0 {
                if self.watch.is_lost() {
                    result = Some(Err(Ended::Lost));
                    return Poll::Ready(());
                }
                if self.runtime.is_some() && self.calls_drive() {
                    return Poll::Ready(());
                }
                let left = end.map(|end| end.saturating_duration_since(Instant::now()));
                if left == Some(Duration::ZERO) {
                    result = Some(Err(Ended::Late));
                    return Poll::Ready(());
                }
                let look = left.map_or(LOOK, |left| left.min(LOOK));
                bell.0.wait(0, clock::after(look));
            }
            // Return to tokio, which gives each poll a new budget. Waking its waker keeps it from sleeping.
            tokios.waker().wake_by_ref();
            Poll::Pending
        });
        own_thread::awaiting(|| erased::block_on_handle(self.handle, pin!(polled)));
        result
    }
}

/// Rings when the future must be polled again.
struct Bell(Word);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.0.change(0, 1) {
            self.0.wake_all();
        }
    }
}
