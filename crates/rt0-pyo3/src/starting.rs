//! Tasks that were spawned before the boot is done: rt0's thread that wakes async code spawns them on the runtime.
//!
//! If there will be no runtime, a task is polled once, where it is. The ones of [`bridge`](crate::bridge) get rt0's
//! error by that, pass it on to Python, and are over.

use std::cell::RefCell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use rt0::{ReadyAsync, SharedReady};
use tokio::sync::oneshot;

use crate::joining::JoinHandle;

thread_local! {
    /// Why there is no runtime for the task that is polled on this thread.
    static REFUSED: RefCell<Option<rt0::Error>> = const { RefCell::new(None) };
}

/// Why there is no runtime for the present task, if it has none.
pub(crate) fn refused() -> Option<rt0::Error> {
    REFUSED.with_borrow(Option::clone)
}

/// Spawns it when the library is ready.
pub(crate) fn spawn(future: impl Future<Output = ()> + Send + 'static) -> JoinHandle {
    if refused().is_some() {
        return poll_once(future);
    }
    let (tell, joined) = oneshot::channel();
    let starting = Arc::new(Starting(Mutex::new(Step::Waits(Box::new(Waiting {
        gate: rt0::ready_async(),
        future,
        tell,
    })))));
    advance(&starting);
    JoinHandle::starting(joined)
}

struct Starting<F>(Mutex<Step<F>>);

enum Step<F> {
    Waits(Box<Waiting<F>>),
    /// A thread is looking at the gate.
    Looks {
        woken: bool,
    },
    Over,
}

struct Waiting<F> {
    gate: ReadyAsync,
    future: F,
    tell: oneshot::Sender<JoinHandle>,
}

impl<F: Future<Output = ()> + Send + 'static> Wake for Starting<F> {
    fn wake(self: Arc<Self>) {
        advance(&self);
    }
}

/// Looks at the gate, and spawns the task if it is open. The gate may call the waker meanwhile, on this thread too.
fn advance<F: Future<Output = ()> + Send + 'static>(starting: &Arc<Starting<F>>) {
    let Some(mut waiting) = starting.begin() else {
        return;
    };
    let waker = Waker::from(Arc::clone(starting));
    loop {
        match Pin::new(&mut waiting.gate).poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(here) => {
                *starting.step() = Step::Over;
                return waiting.finish(here);
            }
            Poll::Pending => match starting.put_back(waiting) {
                Some(again) => waiting = again,
                None => return,
            },
        }
    }
}

impl<F> Starting<F> {
    fn step(&self) -> std::sync::MutexGuard<'_, Step<F>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `None`: another thread is looking, and will look once more; or it is over.
    fn begin(&self) -> Option<Box<Waiting<F>>> {
        let mut step = self.step();
        match std::mem::replace(&mut *step, Step::Looks { woken: false }) {
            Step::Waits(waiting) => Some(waiting),
            Step::Looks { .. } => {
                *step = Step::Looks { woken: true };
                None
            }
            Step::Over => {
                *step = Step::Over;
                None
            }
        }
    }

    /// Gives it back if the waker was called meanwhile.
    fn put_back(&self, waiting: Box<Waiting<F>>) -> Option<Box<Waiting<F>>> {
        let mut step = self.step();
        if let Step::Looks { woken: true } = *step {
            *step = Step::Looks { woken: false };
            return Some(waiting);
        }
        *step = Step::Waits(waiting);
        None
    }
}

impl<F: Future<Output = ()> + Send + 'static> Waiting<F> {
    fn finish(self, here: Result<SharedReady, rt0::Error>) {
        let joined = match here {
            Ok(_here) => JoinHandle::task(rt0::spawn(self.future)),
            Err(error) => {
                REFUSED.set(Some(error));
                let joined = poll_once(self.future);
                REFUSED.set(None);
                joined
            }
        };
        // Nobody may wait for it.
        let _ = self.tell.send(joined);
    }
}

fn poll_once(future: impl Future<Output = ()>) -> JoinHandle {
    let mut context = Context::from_waker(Waker::noop());
    let poll = || match pin!(future).poll(&mut context) {
        Poll::Ready(()) => Some(()),
        Poll::Pending => None,
    };
    JoinHandle::over(catch_unwind(AssertUnwindSafe(poll)))
}
