//! A future before the library's runtime is there: whoever wakes it polls it.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A future that needs no executor: each wake polls it, on the waker's thread. It must not block.
pub(crate) struct Job {
    /// How many wakes have not been answered by a poll.
    wakes: AtomicUsize,
    state: Mutex<State>,
}

enum State {
    Waits(Work),
    /// It is being polled, or is done.
    Taken,
    GivenUp,
}

impl Job {
    /// Polls this future, now and at each wake.
    pub fn begin(work: impl Future<Output = ()> + Send + 'static) -> Arc<Job> {
        let job = Arc::new(Job {
            wakes: AtomicUsize::new(0),
            state: Mutex::new(State::Waits(Box::pin(work))),
        });
        Arc::clone(&job).wake();
        job
    }

    /// Drops the future, at once or after the poll that it is in.
    pub fn give_up(&self) {
        let former = std::mem::replace(&mut *self.lock(), State::GivenUp);
        drop(former);
    }

    fn poll(self: &Arc<Job>) {
        let Some(mut work) = self.take() else {
            return;
        };
        // Not with the lock: the future may wake itself, or be given up by what it calls.
        let waker = Waker::from(Arc::clone(self));
        if work.as_mut().poll(&mut Context::from_waker(&waker)) == Poll::Pending {
            self.put_back(work);
        }
    }

    fn take(&self) -> Option<Work> {
        let mut state = self.lock();
        match std::mem::replace(&mut *state, State::Taken) {
            State::Waits(work) => Some(work),
            other => {
                *state = other;
                None
            }
        }
    }

    fn put_back(&self, work: Work) {
        let mut state = self.lock();
        if let State::Taken = *state {
            *state = State::Waits(work);
            return;
        }
        drop(state);
        drop(work);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Job {
    fn wake(self: Arc<Job>) {
        // AcqRel, here and below: one thread's poll pairs with the next one's, and sees what came before each wake.
        if self.wakes.fetch_add(1, Ordering::AcqRel) > 0 {
            // The thread that polls will see it.
            return;
        }
        let mut seen = 1;
        while seen > 0 {
            self.poll();
            seen = self.wakes.fetch_sub(seen, Ordering::AcqRel) - seen;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    /// A future that is pending so many times, and each time has itself woken by `wake`.
    fn pending(times: usize, wake: fn(Waker), done: mpsc::Sender<()>) -> impl Future<Output = ()> {
        let mut left = times;
        poll_fn(move |context| {
            if left == 0 {
                let _ = done.send(());
                return Poll::Ready(());
            }
            left -= 1;
            wake(context.waker().clone());
            Poll::Pending
        })
    }

    #[test]
    fn it_is_polled_until_it_is_done_whoever_wakes_it() {
        let (done, is_done) = mpsc::channel();
        let by_itself: fn(Waker) = Waker::wake;
        Job::begin(pending(3, by_itself, done.clone()));
        is_done.recv().unwrap();
        let by_others: fn(Waker) = |waker| drop(thread::spawn(|| waker.wake()));
        for _ in 0..200 {
            Job::begin(pending(5, by_others, done.clone()));
            is_done.recv().unwrap();
        }
    }

    #[test]
    fn what_is_given_up_is_dropped_and_not_polled_again() {
        let (done, is_done) = mpsc::channel::<()>();
        let (give, given) = mpsc::channel();
        let mut wakers = Some(give);
        let job = Job::begin(poll_fn(move |context| {
            let Some(give) = wakers.take() else {
                panic!("polled again")
            };
            give.send((context.waker().clone(), done.clone())).unwrap();
            Poll::Pending
        }));
        let (waker, sender) = given.recv().unwrap();
        drop(sender);
        job.give_up();
        // The future had the last sender.
        assert!(is_done.recv().is_err());
        waker.wake();
    }
}
