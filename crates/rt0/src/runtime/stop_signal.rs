//! How a library's main is told to stop.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::growing::Growing;
use crate::runtime::panic;

/// Tells main when to stop. Await it, block on it with [`wait`](Stop::wait), or check it with
/// [`is_set`](Stop::is_set).
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
#[derive(Debug)]
pub struct Stop {
    signal: Arc<Signal>,
    /// The key of its waker in `Waiting::wakers`, once it was awaited.
    key: Option<u64>,
}

#[derive(Debug)]
struct Signal {
    waiting: Mutex<Waiting>,
    set: Condvar,
}

#[derive(Debug)]
struct Waiting {
    set: bool,
    /// How many threads sleep in [`Stop::wait`].
    asleep: usize,
    next_key: u64,
    wakers: Growing<Waker>,
}

impl Stop {
    pub(crate) fn new() -> Stop {
        Stop {
            signal: Arc::new(Signal {
                waiting: Mutex::new(Waiting {
                    set: false,
                    asleep: 0,
                    next_key: 0,
                    wakers: Growing::new(),
                }),
                set: Condvar::new(),
            }),
            key: None,
        }
    }

    /// Whether it is time to stop.
    pub fn is_set(&self) -> bool {
        self.signal.lock().set
    }

    /// Blocks the thread until it is time to stop.
    pub fn wait(&self) {
        let mut waiting = self.signal.lock();
        waiting.asleep += 1;
        let result = self.signal.set.wait_while(waiting, |waiting| !waiting.set);
        result.unwrap_or_else(PoisonError::into_inner).asleep -= 1;
    }

    pub(crate) fn set(&self) {
        let (wakers, sleeps) = {
            let mut waiting = self.signal.lock();
            waiting.set = true;
            (waiting.wakers.take_all(), waiting.asleep != 0)
        };
        // (std asks the kernel, whether somebody sleeps or not.)
        if sleeps {
            self.signal.set.notify_all();
        }
        for waker in wakers {
            // If the runtime is lost, its driver can't be woken, and tokio panics.
            let _ = panic::caught(|| waker.wake());
        }
    }
}

impl Signal {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing panics while the lock is held, and poisoned data would still be correct.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for Stop {
    fn clone(&self) -> Stop {
        Stop {
            signal: self.signal.clone(),
            key: None,
        }
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            let forgotten = self.signal.lock().wakers.remove(key);
            // Drop it after the lock is released: a waker can be the last owner of a task.
            drop(forgotten);
        }
    }
}

impl Future for Stop {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let waker = context.waker().clone();
        let mut waiting = self.signal.lock();
        if waiting.set {
            return Poll::Ready(());
        }
        let key = self.key.unwrap_or_else(|| {
            waiting.next_key += 1;
            waiting.next_key
        });
        let former = waiting.wakers.insert(key, waker);
        drop(waiting);
        self.key = Some(key);
        drop(former);
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_that_has_gone_leaves_no_waker() {
        let stop = Stop::new();
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..3 {
            let mut waiting = stop.clone();
            assert!(Pin::new(&mut waiting).poll(&mut context).is_pending());
            assert!(Pin::new(&mut waiting).poll(&mut context).is_pending());
            assert_eq!(stop.signal.lock().wakers.values().count(), 1);
        }
        assert_eq!(stop.signal.lock().wakers.values().count(), 0);
        stop.set();
        assert!(Pin::new(&mut stop.clone()).poll(&mut context).is_ready());
    }
}
