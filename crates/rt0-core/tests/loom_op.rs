//! The words of an op. loom drives them through every interleaving that it tries, up to a bound. Run with:
//! `RUSTFLAGS="--cfg loom" cargo test -p rt0-core --release --test loom_op`.
//!
//! The outcome and the future are cells that no atomic protects: loom fails a test in which two threads touch one at
//! once, or one reads it without having seen the write.
#![cfg(loom)]

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use loom::thread;

use rt0_core::Status;
use rt0_core::protocol::op::{Ask, Closed, Completion, NotTaken, Turn, Woken};
use rt0_core::sync::Deadline;

struct Op {
    completion: Completion,
    turn: Turn,
    /// The value of an outcome: 0 until it is stored and after it was disposed of.
    value: UnsafeCell<u32>,
    /// How often the future was run; `None` once it was dropped.
    future: UnsafeCell<Option<u32>>,
    /// How many have completed it.
    completions: AtomicUsize,
    /// How many have got or dropped the value.
    disposals: AtomicUsize,
    /// How often it was handed to a runner and no runner has taken it.
    handed: AtomicUsize,
}

impl Op {
    fn new() -> Arc<Op> {
        Arc::new(Op {
            completion: Completion::new(),
            turn: Turn::new(),
            value: UnsafeCell::new(0),
            future: UnsafeCell::new(None),
            completions: AtomicUsize::new(0),
            disposals: AtomicUsize::new(0),
            handed: AtomicUsize::new(0),
        })
    }

    /// An op whose future waits to be woken.
    fn idle() -> Arc<Op> {
        let op = Op::new();
        op.store_future();
        op.turn.start();
        assert!(op.turn.begin());
        assert!(op.turn.rest());
        op
    }

    fn store_future(&self) {
        // SAFETY: the only one who starts it; loom checks.
        self.future.with_mut(|future| unsafe { *future = Some(0) });
    }

    /// Completes it with a value.
    fn finish(&self) -> bool {
        if !self.completion.claim() {
            return false;
        }
        self.completions.fetch_add(1, Relaxed);
        // SAFETY: the one who has claimed; loom checks.
        self.value.with_mut(|value| unsafe { *value = 7 });
        let published = self.completion.publish();
        if published.was_closed() {
            self.dispose();
        }
        self.completion.wake_waiters(published);
        true
    }

    /// Completes it with a status.
    fn end(&self, status: Status) -> bool {
        let Some(published) = self.completion.complete(status) else {
            return false;
        };
        self.completions.fetch_add(1, Relaxed);
        self.completion.wake_waiters(published);
        true
    }

    fn dispose(&self) {
        self.disposals.fetch_add(1, Relaxed);
        // SAFETY: the one who was told to; loom checks.
        self.value.with_mut(|value| unsafe {
            assert_eq!(*value, 7);
            *value = 0;
        });
    }

    fn take(&self) -> Result<Option<Status>, NotTaken> {
        let taken = self.completion.take()?;
        if taken.is_none() {
            self.dispose();
        }
        Ok(taken)
    }

    fn close(&self) -> Closed {
        let closed = self.completion.close();
        if closed == Closed::Done(true) {
            self.dispose();
        }
        closed
    }

    /// Runs the future once, for the one who has the turn. It drops it if it is asked to.
    fn step(&self) {
        let stops = self.completion.look().is_asked(Ask::Cancel);
        // SAFETY: whoever has the turn; loom checks.
        self.future.with_mut(|future| unsafe {
            let runs = (*future)
                .as_mut()
                .expect("it is there for whoever has the turn");
            *runs += 1;
            if stops {
                *future = None;
            }
        });
        if stops {
            self.turn.gone();
            self.end(Status::Cancelled);
        } else if !self.turn.rest() {
            self.handed.fetch_add(1, Relaxed);
        }
    }

    /// What a runner does until nothing is handed to it.
    fn run_all(&self) {
        let one_less = |handed: usize| handed.checked_sub(1);
        while self.handed.fetch_update(Relaxed, Relaxed, one_less).is_ok() {
            assert!(self.turn.begin(), "who is handed it has the turn");
            self.step();
        }
    }

    fn wake(&self) -> Woken {
        let woken = self.turn.wake();
        if woken == Woken::Yours {
            self.handed.fetch_add(1, Relaxed);
        }
        woken
    }
}

/// Tries every interleaving with at most three forced switches. A soak asks for one more with
/// `RT0_MORE_SWITCHES=1`.
fn check(test: impl Fn() + Sync + Send + 'static) {
    let more = std::env::var("RT0_MORE_SWITCHES").map_or(0, |more| more.parse().unwrap());
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3 + more);
    model.check(test);
}

#[test]
fn of_those_who_complete_one_does_and_who_takes_sees_what_was_stored() {
    check(|| {
        let op = Op::new();
        let (runner, ender) = (op.clone(), op.clone());
        let runner = thread::spawn(move || runner.finish());
        let ender = thread::spawn(move || ender.end(Status::Stopped));
        let early = op.take();
        let (finished, ended) = (runner.join().unwrap(), ender.join().unwrap());
        assert!(finished != ended, "one and only one");
        assert_eq!(op.completions.load(Relaxed), 1);
        let expected = ended.then_some(Status::Stopped);
        match early {
            Ok(outcome) => assert_eq!(outcome, expected),
            Err(why) => {
                assert_eq!(why, NotTaken::NotDone);
                assert_eq!(op.take(), Ok(expected));
            }
        }
        assert_eq!(op.take(), Err(NotTaken::Closed));
        assert_eq!(op.disposals.load(Relaxed), usize::from(finished));
    });
}

#[test]
fn who_waits_is_woken_whoever_completes() {
    for with_value in [false, true] {
        check(move || {
            let op = Op::new();
            let (waiter, other) = (op.clone(), op.clone());
            let wait = |op: Arc<Op>| {
                while !op.completion.look().is_done() {
                    op.completion.wait(Deadline::Never);
                }
            };
            let waiter = thread::spawn(move || wait(waiter));
            let asks = thread::spawn(move || other.completion.ask(Ask::Cancel));
            if with_value {
                assert!(op.finish());
            } else {
                assert!(op.end(Status::Stopped));
            }
            waiter.join().unwrap();
            asks.join().unwrap();
            assert!(op.take().is_ok());
        });
    }
}

#[test]
fn who_waits_is_woken_to_look_again() {
    check(|| {
        let op = Op::new();
        let told = Arc::new(AtomicBool::new(false));
        let waiter = {
            let (op, told) = (op.clone(), told.clone());
            thread::spawn(move || {
                let mut looks = 0;
                while !told.load(loom::sync::atomic::Ordering::SeqCst) && looks < 3 {
                    looks += 1;
                    op.completion.wait(Deadline::Never);
                }
            })
        };
        told.store(true, loom::sync::atomic::Ordering::SeqCst);
        op.completion.wake();
        // A waiter that noted itself after the wake-up has looked after the word of it; or would sleep for ever.
        op.end(Status::Stopped);
        waiter.join().unwrap();
    });
}

#[test]
fn the_value_of_a_freed_op_is_disposed_of_once() {
    check(|| {
        let op = Op::new();
        let (runner, host) = (op.clone(), op.clone());
        let runner = thread::spawn(move || runner.finish());
        let host = thread::spawn(move || host.close());
        let taken = op.take();
        assert!(runner.join().unwrap());
        let closed = host.join().unwrap();
        assert!(taken.is_ok() == (closed == Closed::Before));
        assert_eq!(op.disposals.load(Relaxed), 1);
    });
}

#[test]
fn of_those_who_revoke_take_and_free_a_value_one_disposes_of_it() {
    check(|| {
        let op = Op::new();
        assert!(op.finish());
        let (ender, host) = (op.clone(), op.clone());
        let ender = thread::spawn(move || {
            if ender.completion.revoke(Status::Stopped) {
                ender.dispose();
            }
        });
        let host = thread::spawn(move || host.close());
        let taken = op.take();
        ender.join().unwrap();
        let closed = host.join().unwrap();
        assert!(taken.is_ok() == (closed == Closed::Before));
        assert_eq!(op.disposals.load(Relaxed), 1);
    });
}

#[test]
fn no_wake_up_is_lost_and_one_at_a_time_runs_the_future() {
    check(|| {
        let op = Op::idle();
        let (waker, runner) = (op.clone(), op.clone());
        let runner = thread::spawn(move || {
            runner.wake();
            runner.run_all();
        });
        let waker = thread::spawn(move || {
            assert!(waker.completion.ask(Ask::Cancel));
            waker.wake();
        });
        runner.join().unwrap();
        waker.join().unwrap();
        op.run_all();
        assert_eq!(
            op.completions.load(Relaxed),
            1,
            "it has seen that it is to stop"
        );
        assert!(op.turn.has_none());
    });
}

#[test]
fn what_is_asked_of_a_scheduled_future_is_seen_by_its_runner() {
    check(|| {
        let op = Op::new();
        op.store_future();
        op.turn.start();
        let (asker, runner) = (op.clone(), op.clone());
        runner.handed.store(1, Relaxed);
        let runner = thread::spawn(move || runner.run_all());
        let asker = thread::spawn(move || {
            assert!(asker.completion.ask(Ask::Cancel));
            asker.wake();
        });
        runner.join().unwrap();
        asker.join().unwrap();
        op.run_all();
        assert_eq!(op.completions.load(Relaxed), 1);
    });
}

/// A function that takes a `Cancel` starts while the host cancels: its first look sees that, or it is told.
#[test]
fn who_asks_tells_the_function_or_its_first_look_sees_it() {
    check(|| {
        let op = Op::new();
        // Whether there is a signal, and whether it was set. Nothing else orders them.
        let signals: [Arc<AtomicBool>; 2] =
            std::array::from_fn(|_| Arc::new(AtomicBool::new(false)));
        let [is_there, is_set] = signals.clone();
        let starter = {
            let op = op.clone();
            thread::spawn(move || {
                op.store_future();
                is_there.store(true, Relaxed);
                op.completion.is_to_be_told();
                op.turn.start();
                assert!(op.turn.begin());
                let saw = op.completion.look().is_asked(Ask::Cancel);
                assert!(op.turn.rest() || op.turn.begin());
                saw
            })
        };
        assert!(op.completion.ask(Ask::Cancel));
        if signals[0].load(Relaxed) {
            is_set.store(true, Relaxed);
        }
        let saw = starter.join().unwrap();
        assert!(saw || signals[1].load(Relaxed));
    });
}

/// A shutdown drops the futures that wait, whoever wakes them meanwhile.
#[test]
fn a_future_that_is_dropped_by_the_end_is_run_by_nobody() {
    check(|| {
        let op = Op::idle();
        let (waker, ender) = (op.clone(), op.clone());
        let waker = thread::spawn(move || {
            waker.wake();
            waker.run_all();
        });
        let ender = thread::spawn(move || {
            ender.completion.ask(Ask::Cancel);
            if ender.turn.steal() {
                ender.step();
            } else {
                ender.wake();
                ender.run_all();
            }
        });
        waker.join().unwrap();
        ender.join().unwrap();
        op.run_all();
        assert_eq!(op.completions.load(Relaxed), 1);
    });
}

/// An op whose future is about to be stored is left to the one who stores it: what the future holds is free when the op
/// is done.
#[test]
fn an_op_whose_future_is_announced_is_not_done_before_that_is_gone() {
    check(|| {
        let op = Op::new();
        op.turn.announce();
        let (starter, host) = (op.clone(), op.clone());
        let starter = thread::spawn(move || {
            starter.store_future();
            starter.turn.start();
            starter.handed.fetch_add(1, Relaxed);
            starter.run_all();
        });
        let host = thread::spawn(move || {
            assert!(host.completion.ask(Ask::Cancel));
            assert_ne!(host.wake(), Woken::NoFuture);
            host.run_all();
            if host.completion.look().is_done() {
                assert!(host.turn.has_none());
            }
        });
        starter.join().unwrap();
        host.join().unwrap();
        op.run_all();
        assert_eq!(op.completions.load(Relaxed), 1);
        assert!(op.turn.has_none(), "nobody wakes it any more");
    });
}

/// An op that waits for the boot is cancelled by the one who finds no future; the future that comes is dropped.
#[test]
fn an_op_is_cancelled_whether_its_future_is_there_or_not() {
    check(|| {
        let op = Op::new();
        let (starter, host) = (op.clone(), op.clone());
        let starter = thread::spawn(move || {
            starter.store_future();
            starter.turn.start();
            starter.handed.fetch_add(1, Relaxed);
            starter.run_all();
        });
        let host = thread::spawn(move || {
            assert!(host.completion.ask(Ask::Cancel));
            if host.wake() == Woken::NoFuture {
                assert!(host.end(Status::Cancelled) || host.completion.look().is_done());
            }
        });
        starter.join().unwrap();
        host.join().unwrap();
        op.run_all();
        assert_eq!(op.completions.load(Relaxed), 1);
        assert!(op.turn.has_none(), "nobody wakes it any more");
    });
}
