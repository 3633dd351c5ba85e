//! How many callbacks are in Python. The end of the interpreter waits for those that have begun, and lets no other begin.
//!
//! One word says all: the process, whether its interpreter ends, and how many callbacks are in Python. A fork's child
//! has another process id, so it begins anew, whatever its parent's threads were doing.

#[cfg(feature = "async")]
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use std::{process, thread};

#[cfg(feature = "async")]
use pyo3::Python;

use crate::sabotage;

static STATE: AtomicU64 = AtomicU64::new(0);

const PROCESS: u32 = 32;
const ENDS: u64 = 1 << 31;
const COUNT: u64 = ENDS - 1;

#[cfg(feature = "async")]
thread_local! {
    static ATTACHED: Cell<bool> = const { Cell::new(false) };
}

/// Runs this on a thread that is attached already, and will not be stopped: nothing in it is refused.
#[cfg(feature = "async")]
pub(crate) fn attached<R>(_: Python<'_>, f: impl FnOnce() -> R) -> R {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            ATTACHED.set(self.0);
        }
    }
    let _restore = Restore(ATTACHED.replace(true));
    f()
}

/// As [`counted`], but not counted on a thread inside [`attached`].
#[cfg(feature = "async")]
pub(crate) fn counted_elsewhere<R>(f: impl FnOnce() -> R) -> Option<R> {
    match ATTACHED.get() {
        true => Some(f()),
        false => counted(f),
    }
}

/// Runs what will attach this thread to the interpreter. `None`: the interpreter ends.
pub(crate) fn counted<R>(f: impl FnOnce() -> R) -> Option<R> {
    let _inside = Inside::enter()?;
    Some(f())
}

/// Lets no callback begin from now on, and waits for those that have begun, but not for longer than this.
pub(crate) fn end(longest: Duration) {
    // Acquire pairs with the Release in `drop`: what the callbacks have done is done.
    let _ = change(Ordering::Acquire, |state| Some(state | ENDS));
    if sabotage::NO_WAIT_FOR_CALLBACKS {
        return;
    }
    let begun = Instant::now();
    while STATE.load(Ordering::Acquire) & COUNT != 0 && begun.elapsed() < longest {
        thread::sleep(Duration::from_millis(1));
    }
}

/// A thread that is in Python, or on its way there.
struct Inside {
    process: u32,
}

impl Inside {
    fn enter() -> Option<Inside> {
        // Relaxed: this and the change in `end` are changes of one word, so one comes first, and the other sees it.
        let process = change(Ordering::Relaxed, |state| {
            (state & ENDS == 0).then_some(state + 1)
        })?;
        Some(Inside { process })
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        if self.process == process::id() {
            // Release pairs with the Acquire in `end`.
            STATE.fetch_sub(1, Ordering::Release);
        }
    }
}

/// Changes the state of this process, and gives its id.
fn change(order: Ordering, to: impl Fn(u64) -> Option<u64>) -> Option<u32> {
    let process = process::id();
    let of_this = u64::from(process) << PROCESS;
    let is_own =
        |state: u64| sabotage::NO_FORKED_CALLBACKS || state >> PROCESS == u64::from(process);
    let next = |state: u64| match is_own(state) {
        true => to(state),
        false => to(of_this),
    };
    // Relaxed: a failure is tried again.
    let changed = STATE.fetch_update(order, Ordering::Relaxed, next);
    changed.ok().map(|_| process)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn the_end_waits_for_callbacks_that_have_begun_and_lets_no_other_begin() {
        let (inside, is_inside) = mpsc::channel();
        let (go, may_go) = mpsc::channel();
        let callback = thread::spawn(move || {
            counted(|| {
                inside.send(()).unwrap();
                may_go.recv().unwrap();
                counted(|| ())
            })
        });
        is_inside.recv().unwrap();
        end(Duration::from_millis(1));
        assert!(STATE.load(Ordering::Relaxed) & COUNT == 1, "not waited for");
        assert!(counted(|| ()).is_none());
        go.send(()).unwrap();
        end(Duration::MAX);
        assert!(
            callback
                .join()
                .unwrap()
                .is_some_and(|inner| inner.is_none())
        );
        // As in a fork's child.
        STATE.store(
            u64::from(process::id() + 1) << PROCESS | ENDS | 1,
            Ordering::Relaxed,
        );
        assert!(counted(|| ()).is_some());
    }
}
