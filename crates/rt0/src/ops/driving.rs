//! Those who wait for ops or tags drive the runtime, where calls drive it: under the start policy `quiet`, and on the
//! boot thread's runtime before that thread drives it.

use std::future::poll_fn;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use rt0_core::generation::page;
use rt0_core::protocol::gate::State;
use rt0_core::sabotage;

use crate::generation::Generation;
use crate::growing::Growing;
use crate::in_flight::Inside;
use crate::runtime::panic;

/// The threads that drive a runtime while they wait.
pub(super) struct Drivers {
    /// How many wakers there are.
    count: AtomicUsize,
    wakers: Mutex<Wakers>,
}

struct Wakers {
    next: u64,
    all: Growing<Waker>,
}

impl Drivers {
    pub const fn new() -> Drivers {
        Drivers {
            count: AtomicUsize::new(0),
            wakers: Mutex::new(Wakers {
                next: 0,
                all: Growing::new(),
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Wakers> {
        // Nothing panics while the lock is held but a lack of memory, which leaves the list as it was.
        self.wakers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes all, to look again.
    pub fn wake(&self) {
        // SeqCst pairs with the one in `set`: either we see the waker, or its owner sees what we have done before.
        std::sync::atomic::fence(Ordering::SeqCst);
        if self.count.load(Ordering::Relaxed) == 0 {
            return;
        }
        let wakers: Vec<Waker> = self.lock().all.values().cloned().collect();
        for waker in wakers {
            // If the runtime is lost, its driver can't be woken, and tokio panics.
            let _ = panic::caught(|| waker.wake());
        }
    }

    fn set(&self, key: &mut Option<u64>, waker: &Waker) {
        let waker = waker.clone();
        let mut wakers = self.lock();
        let place = *key.get_or_insert_with(|| {
            wakers.next += 1;
            self.count.fetch_add(1, Ordering::Relaxed);
            wakers.next
        });
        let former = wakers.all.insert(place, waker);
        drop(wakers);
        drop(former);
        std::sync::atomic::fence(Ordering::SeqCst);
    }

    fn forget(&self, key: Option<u64>) {
        if let Some(key) = key {
            let forgotten = self.lock().all.remove(key);
            self.count.fetch_sub(1, Ordering::Relaxed);
            drop(forgotten);
        }
    }
}

/// Whether this thread has driven the runtime.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Driven {
    Yes,
    /// No call drives the runtime now.
    No,
    /// It does already, in a call that it is inside of.
    Already,
}

/// Drives the runtime until `look` finds something, for at most `time`. It also returns when a shutdown begins, which
/// waits for this thread.
pub(super) fn drive(
    drivers: &Drivers,
    look: &mut dyn FnMut() -> bool,
    time: Option<Duration>,
) -> Driven {
    if sabotage::NO_DRIVEN_WAITS {
        return Driven::No;
    }
    let Some(_inside) = Inside::enter(is_open) else {
        return Driven::No;
    };
    // SAFETY: `_inside` holds a shutdown off.
    let Some(generation) = (unsafe { Generation::present() }) else {
        return Driven::No;
    };
    if !generation.runtime.is_driven_by_calls() {
        return Driven::No;
    }
    let mut key = None;
    let only_looks = time == Some(Duration::ZERO);
    let mut is_over = false;
    let polled = poll_fn(|context| {
        drivers.set(&mut key, context.waker());
        if look() || !is_open() || is_over {
            return Poll::Ready(());
        }
        if only_looks {
            // tokio runs what is ready before it polls this again.
            is_over = true;
            context.waker().wake_by_ref();
        }
        Poll::Pending
    });
    // Late or lost: the caller looks again.
    let time = time.filter(|_| !only_looks);
    // tokio panics if this thread drives a runtime already: a task has called the host, and the host waits there.
    let driven = panic::caught(|| generation.runtime.try_wait_for(polled, time).is_ok());
    drivers.forget(key);
    match driven {
        Ok(_) => Driven::Yes,
        Err(_) => Driven::Already,
    }
}

fn is_open() -> bool {
    page().gate.state().reported() == State::Ready
}
