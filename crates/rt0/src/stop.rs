//! How a library's main is told to stop.

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Says when the generation is to end. Await it, block on it, or ask it.
///
/// ```
/// # async fn serve() {}
/// #[rt0::main]
/// async fn run(stop: rt0::Stop) {
///     // serve() until told to stop
///     stop.await
/// }
/// # struct S; #[rt0::init] fn init() -> S { S } fn main() {}
/// ```
#[derive(Clone, Debug)]
pub struct Stop(Arc<Signal>);

#[derive(Debug, Default)]
struct Signal {
    waiting: Mutex<Waiting>,
    set: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    set: bool,
    tasks: Vec<Waker>,
}

impl Stop {
    pub(crate) fn new() -> Stop {
        Stop(Arc::default())
    }

    /// Whether it is time to stop.
    pub fn is_set(&self) -> bool {
        self.lock().set
    }

    /// Blocks the thread until it is time to stop.
    pub fn wait(&self) {
        let waiting = self.lock();
        let result = self.0.set.wait_while(waiting, |waiting| !waiting.set);
        drop(result.unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn set(&self) {
        let tasks = {
            let mut waiting = self.lock();
            waiting.set = true;
            mem::take(&mut waiting.tasks)
        };
        self.0.set.notify_all();
        tasks.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing panics while it is held; a poisoned one would still be right.
        self.0
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Future for Stop {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut waiting = self.lock();
        if waiting.set {
            return Poll::Ready(());
        }
        let waker = context.waker();
        if !waiting.tasks.iter().any(|known| known.will_wake(waker)) {
            waiting.tasks.push(waker.clone());
        }
        Poll::Pending
    }
}
