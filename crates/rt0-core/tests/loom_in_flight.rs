//! Calls in flight against shutdowns. loom drives them through every interleaving that it tries, up to a
//! bound. Run with: `RUSTFLAGS="--cfg loom" cargo test -p rt0-core --release --test loom_in_flight`.
//!
//! The library's state is a cell that no atomic protects, one for each generation. A boot writes the
//! generation's number into it, a call reads it, a shutdown writes 0. loom fails the test if in any
//! interleaving a shutdown writes while a call reads, or one of them comes without having seen the other.
//!
//! Each test runs four times: where each call makes its own fence, which loom models as it is; with the model
//! of `membarrier(2)` in `src/sync/model/fences.rs`, where a call has no fence but the one that a shutdown asks
//! for; and with that model and each of the two shorter ways in that it allows. In the model of the second one
//! all threads write their hint in the same place.
#![cfg(loom)]

use core::ops::Deref;

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread::{self, JoinHandle};

use rt0_core::protocol::gate::{Gate, State};
use rt0_core::protocol::hints::Hints;
use rt0_core::protocol::in_flight::{Announced, Current, Mine, Slot, Slots, fence_calls};
use rt0_core::sync::fences::{self, interruptible};
use rt0_core::sync::{Deadline, Word};

/// Who makes the fences, and how calls enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fences {
    /// Each call makes its own.
    Calls,
    /// The shutdown makes them, on every thread.
    Shutdown,
    /// The same, and a call of a thread that is prepared takes the shorter way, as on x86-64.
    Shortened,
    /// The same, and a call looks for its slot by the thread pointer first.
    Hinted,
}

/// What a thread has.
struct Thread {
    mine: Mine,
    pointer: usize,
}

impl Thread {
    /// A thread that has not called. No other has its pointer.
    fn new() -> Thread {
        static LAST: core::sync::atomic::AtomicUsize = core::sync::atomic::AtomicUsize::new(0);
        Thread::at(LAST.fetch_add(8, Ordering::Relaxed) + 8)
    }

    /// With the pointer of a thread that is no more.
    fn at(pointer: usize) -> Thread {
        Thread {
            mine: Mine::new(),
            pointer,
        }
    }
}

impl Deref for Thread {
    type Target = Mine;

    fn deref(&self) -> &Mine {
        &self.mine
    }
}

/// Each execution of the model leaks little, as in the shipped code.
fn leaked<T>(new: T) -> &'static T {
    Box::leak(Box::new(new))
}

/// Where its slot is.
fn address(thread: &Thread) -> usize {
    (&raw const *thread.slot().unwrap()).addr()
}

/// One library in one process.
struct World {
    fences: Fences,
    gate: Gate,
    current: Current,
    slots: Slots,
    hints: &'static Hints<Slot>,
    /// The generation whose state calls use: what the page holds.
    present: AtomicUsize,
    /// The state of each generation: its number; 0: there is none yet, or it was dropped.
    states: [UnsafeCell<usize>; 3],
}

impl World {
    /// A cold world. `threads` threads besides the first will call.
    fn new(fences: Fences, threads: usize) -> Arc<World> {
        World::with(leaked(Hints::default()), fences, threads)
    }

    fn with(hints: &'static Hints<Slot>, fences: Fences, threads: usize) -> Arc<World> {
        if fences != Fences::Calls {
            fences::offer(threads);
        }
        Arc::new(World {
            fences,
            gate: Gate::new(),
            current: Current::default(),
            slots: Slots::new(),
            hints,
            present: AtomicUsize::new(0),
            states: core::array::from_fn(|_| UnsafeCell::new(0)),
        })
    }

    /// A world that has booted its first generation.
    fn booted(fences: Fences, threads: usize) -> Arc<World> {
        let world = World::new(fences, threads);
        world.boot(1);
        world
    }

    /// As `boot::run` and the library's boot function do.
    fn boot(&self, number: usize) {
        self.boot_uncalled(number);
        // As the first call does, on any thread.
        assert!(self.gate.open());
    }

    fn boot_uncalled(&self, number: usize) {
        assert!(self.gate.schedule());
        assert!(self.gate.claim());
        self.current
            .begin(number as u32, self.fences == Fences::Calls);
        // SAFETY: only the claimer writes, and nobody reads before the gate is open; loom checks.
        self.states[number].with_mut(|state| unsafe { *state = number });
        self.present.store(number, Ordering::Release);
        assert!(self.gate.finish(true));
    }

    /// Enters, if the thread is prepared and the gate is open.
    fn enter(&self, mine: &Thread) -> Option<Announced> {
        self.enter_and_find(mine).map(|(announced, _)| announced)
    }

    /// The same, with the generation that it has entered: whose state it finds.
    fn enter_and_find(&self, mine: &Thread) -> Option<(Announced, usize)> {
        interruptible();
        let usable = || {
            interruptible();
            self.gate.is_ready()
        };
        let find = || {
            interruptible();
            self.present.load(Ordering::Acquire)
        };
        if let Fences::Shortened | Fences::Hinted = self.fences {
            let pass = self.current.pass();
            interruptible();
            let slot = match self.fences {
                Fences::Hinted => Slot::of(self.hints, mine.pointer, pass),
                _ => mine.slot_for(pass),
            };
            interruptible();
            if let Some(slot) = slot {
                return slot.enter(usable).map(|announced| (announced, find()));
            }
        }
        mine.enter(&self.current, usable, find)
    }

    /// What an author's function does with the state of the generation that it has entered.
    fn use_state_of(&self, number: usize) {
        interruptible();
        // SAFETY: a shutdown is held off; loom checks.
        let seen = self.states[number].with(|state| unsafe { *state });
        assert!(seen == number && seen != 0, "{seen} in place of {number}");
        interruptible();
    }

    /// A whole call. Returns its generation.
    fn call(&self, mine: &Thread) -> Option<usize> {
        let (announced, number) = self.enter_and_find(mine)?;
        self.use_state_of(number);
        announced.leave();
        Some(number)
    }

    /// A call that prepares its thread first, as the cold half does.
    fn cold_call(&self, mine: &Thread) -> Option<usize> {
        self.prepare(mine).then(|| self.call(mine)).flatten()
    }

    /// Prepares the thread, if a generation has begun. It gets a slot that another has left, or a new one.
    fn prepare(&self, mine: &Thread) -> bool {
        let begun = self.current.number() != 0;
        if begun {
            let take = || {
                let slot = self.left_behind(mine).or_else(|| self.slots.take());
                slot.unwrap_or_else(|| self.new_slot())
            };
            mine.prepare(&self.current, self.hints_of(mine), || 7, take);
        }
        begun
    }

    fn left_behind(&self, thread: &Thread) -> Option<&'static Slot> {
        let (_, pointer) = self.hints_of(thread)?;
        self.slots.left_behind(&self.current, pointer)
    }

    /// As `Inside::already` does.
    fn is_inside(&self, thread: &Thread) -> bool {
        thread.is_inside(&self.current, || self.left_behind(thread))
    }

    fn hints_of(&self, thread: &Thread) -> Option<(&'static Hints<Slot>, usize)> {
        let hinted = self.fences == Fences::Hinted;
        hinted.then_some((self.hints, thread.pointer))
    }

    /// Closes the gate. Then every call has a fence behind it.
    fn close(&self) {
        let former = self.gate.begin_stop();
        assert_eq!(former.map(State::reported), Some(State::Ready));
        let fenced = fence_calls(&self.slots, self.current.number());
        assert!(fenced || self.fences == Fences::Calls);
    }

    fn inside(&self) -> usize {
        self.slots.count(&self.current)
    }

    /// A shutdown that waits for the calls as long as it takes.
    fn shut_down(&self) {
        self.close();
        while self.inside() != 0 {
            thread::yield_now();
        }
        self.end();
    }

    fn end(&self) {
        let number = self.current.number() as usize;
        // SAFETY: no call is inside; loom checks.
        self.states[number].with_mut(|state| unsafe { *state = 0 });
        assert!(self.gate.end_stop());
    }

    /// The end of a generation that is lost: nothing of it is dropped, and its boot thread may go on.
    fn leave_lost(&self) {
        self.close();
        assert_eq!(self.inside(), 0);
        assert!(self.gate.end_stop());
    }

    fn new_slot(&self) -> &'static Slot {
        let slot = leaked(Slot::new());
        self.slots.add(slot);
        slot
    }

    /// A thread that has called before: it is prepared, with a new slot.
    fn thread(&self) -> Thread {
        let mine = Thread::new();
        mine.prepare(
            &self.current,
            self.hints_of(&mine),
            || 7,
            || self.new_slot(),
        );
        mine
    }
}

/// Runs this on a thread of its own, with this index.
fn spawn<R: 'static>(
    world: &Arc<World>,
    index: usize,
    run: impl FnOnce(&World) -> R + 'static,
) -> JoinHandle<R> {
    let world = world.clone();
    thread::spawn(move || fences::on_thread(index, || run(&world)))
}

/// Tries every interleaving with at most this many forced switches, with all kinds of fences. A soak asks for
/// one more with `RT0_MORE_SWITCHES=1`.
fn check(forced_switches: usize, test: impl Fn(Fences) + Copy + Sync + Send + 'static) {
    for fences in [Fences::Calls, Fences::Shutdown, Fences::Shortened] {
        check_with(fences, forced_switches, test);
    }
    check_hinted(forced_switches, test);
}

/// The same for what only calls can meet that look for their slot by the thread pointer.
fn check_hinted(forced_switches: usize, test: impl Fn(Fences) + Copy + Sync + Send + 'static) {
    check_with(Fences::Hinted, forced_switches, test);
}

fn check_with(
    fences: Fences,
    forced_switches: usize,
    test: impl Fn(Fences) + Copy + Sync + Send + 'static,
) {
    let more = std::env::var("RT0_MORE_SWITCHES").map_or(0, |more| more.parse().unwrap());
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(forced_switches + more);
    model.check(move || test(fences));
}

#[test]
fn a_shutdown_never_drops_the_state_under_a_call() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let mine = world.thread();
        let call = spawn(&world, 0, move |world| world.call(&mine));
        world.shut_down();
        assert!(matches!(call.join().unwrap(), Some(1) | None));
    });
}

/// A call opens the gate, and a shutdown begins before, during or after that.
#[test]
fn a_shutdown_never_drops_the_state_under_the_first_call() {
    check(3, |fences| {
        let world = World::new(fences, 1);
        world.boot_uncalled(1);
        let mine = world.thread();
        let call = spawn(&world, 0, move |world| {
            let opened = world.gate.open();
            (opened, world.call(&mine))
        });
        world.shut_down();
        let (opened, call) = call.join().unwrap();
        assert!(call.is_none() || opened && call == Some(1), "{call:?}");
    });
}

#[test]
fn a_shutdown_never_drops_the_state_under_two_calls() {
    // Two take minutes: the soak does that.
    check(1, |fences| {
        let world = World::booted(fences, 2);
        let calls = [0, 1].map(|i| {
            let mine = world.thread();
            spawn(&world, i, move |world| world.call(&mine))
        });
        world.shut_down();
        for call in calls {
            assert!(matches!(call.join().unwrap(), Some(1) | None));
        }
    });
}

/// The second call may find the gate closed and take its announcement back. A thread that sees that has also
/// seen the end of the first call.
#[test]
fn a_call_that_stays_out_does_not_hide_the_end_of_the_one_before_it() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let mine = world.thread();
        let calls = spawn(&world, 0, move |world| {
            (world.call(&mine), world.call(&mine))
        });
        world.shut_down();
        let (first, second) = calls.join().unwrap();
        assert!(first.is_some() || second.is_none(), "the gate had closed");
    });
}

#[test]
fn a_shutdown_that_is_called_off_leaves_the_call_its_state() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let mine = world.thread();
        let call = spawn(&world, 0, move |world| (world.call(&mine), mine));
        world.close();
        let called_off = world.inside() != 0;
        if called_off {
            assert!(world.gate.reopen(State::Ready));
        } else {
            world.end();
        }
        let (result, mine) = call.join().unwrap();
        assert!(matches!(result, Some(1) | None));
        // The model does not interrupt this thread, and need not: the next shutdown runs on it.
        let next = world.call(&mine);
        assert_eq!(next, called_off.then_some(1));
        if called_off {
            world.shut_down();
        }
    });
}

/// A call that has read one pass can then see the next generation's gate open. It has entered that one, and
/// that one's shutdown sees it, although its thread is prepared for the one before.
#[test]
fn a_call_that_meets_the_next_generation_is_seen_by_its_shutdown() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let mine = world.thread();
        let call = spawn(&world, 0, move |world| world.call(&mine));
        world.shut_down();
        world.boot(2);
        world.shut_down();
        assert!(matches!(call.join().unwrap(), Some(1 | 2) | None));
    });
}

/// A thread prepares itself while one generation ends and the next begins.
#[test]
fn a_thread_that_prepares_itself_between_two_generations_is_seen() {
    check(2, |fences| {
        let world = World::booted(fences, 1);
        let mine = world.thread();
        let call = spawn(&world, 0, move |world| {
            world.call(&mine).or_else(|| world.cold_call(&mine))
        });
        world.shut_down();
        world.boot(2);
        world.shut_down();
        assert!(matches!(call.join().unwrap(), Some(1 | 2) | None));
    });
}

/// A call can come before the first generation: it must know whether it has to make a fence.
#[test]
fn a_call_that_comes_during_boot_knows_who_fences() {
    check(3, |fences| {
        let world = World::new(fences, 1);
        let mine = Thread::new();
        let call = spawn(&world, 0, move |world| world.cold_call(&mine));
        world.boot(1);
        world.shut_down();
        assert!(matches!(call.join().unwrap(), Some(1) | None));
    });
}

/// The shutdown must also see a new slot.
#[test]
fn a_threads_first_call_is_seen() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        // Another thread made the first slot.
        let _other = world.thread();
        let call = spawn(&world, 0, |world| world.cold_call(&Thread::new()));
        world.shut_down();
        assert!(matches!(call.join().unwrap(), Some(1) | None));
    });
}

#[test]
fn a_slot_that_a_thread_has_left_serves_the_next() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let mine = world.thread();
        let next = spawn(&world, 0, |world| world.cold_call(&Thread::new()));
        // For its slot, this thread ends here.
        assert_eq!(world.call(&mine), Some(1));
        mine.slot().unwrap().set_ending();
        mine.late();
        assert!(mine.slot().is_none());
        world.shut_down();
        assert!(matches!(next.join().unwrap(), Some(1) | None));
    });
}

/// A thread prepares itself, and its hint replaces that of another while this one calls.
#[test]
fn a_hint_that_leads_to_another_threads_slot_is_not_followed() {
    check_hinted(1, |fences| {
        let world = World::booted(fences, 2);
        let mine = world.thread();
        let calls = spawn(&world, 0, move |world| {
            (world.call(&mine), world.call(&mine))
        });
        let other = spawn(&world, 1, |world| {
            let mine = Thread::new();
            (world.cold_call(&mine), world.call(&mine))
        });
        world.shut_down();
        for (first, second) in [calls.join().unwrap(), other.join().unwrap()] {
            assert!(first.is_some() || second.is_none(), "the gate had closed");
        }
    });
}

/// A thread calls once more when it is ending, and another has its slot.
#[test]
fn a_thread_does_not_find_the_slot_that_it_has_left() {
    check_hinted(1, |fences| {
        let world = World::booted(fences, 2);
        let mine = world.thread();
        mine.slot().unwrap().set_ending();
        mine.late();
        let next = spawn(&world, 0, |world| world.cold_call(&Thread::new()));
        let late = spawn(&world, 1, move |world| {
            let late = world.call(&mine);
            assert!(late.is_none(), "calls come to `prepare` first");
            let late = world.cold_call(&mine);
            mine.late();
            late
        });
        world.shut_down();
        for call in [next, late] {
            assert!(matches!(call.join().unwrap(), Some(1) | None));
        }
    });
}

/// A thread that ends without its destructors keeps its slot. A new thread with the same pointer can find it, and then
/// has no other. A shutdown waits for it, and it knows when it is inside.
#[test]
fn a_slot_that_was_left_behind_serves_a_thread_with_the_same_pointer() {
    check_hinted(1, |fences| {
        let world = World::booted(fences, 2);
        let gone = spawn(&world, 0, |world| {
            let mine = world.thread();
            assert_eq!(world.call(&mine), Some(1));
            (mine.pointer, address(&mine))
        });
        let (pointer, left) = gone.join().unwrap();
        let next = spawn(&world, 1, move |world| {
            let mine = Thread::at(pointer);
            let outer = world.enter(&mine);
            assert_eq!(world.is_inside(&mine), outer.is_some());
            let inner = world.cold_call(&mine);
            assert_eq!(address(&mine), left);
            assert_eq!(world.is_inside(&mine), outer.is_some());
            if let Some(outer) = outer {
                world.use_state_of(1);
                outer.leave();
            }
            inner
        });
        world.shut_down();
        assert!(matches!(next.join().unwrap(), Some(1) | None));
    });
}

/// If such a thread has ended while it waited for a shutdown, the next one does not enter by its slot, for which a
/// shutdown makes no fence.
#[test]
fn a_slot_whose_thread_has_ended_in_a_wait_is_not_found_by_the_pointer() {
    check_hinted(2, |fences| {
        let world = World::booted(fences, 1);
        let gone = world.thread();
        assert_eq!(world.call(&gone), Some(1));
        let _ = gone.slot().unwrap().begin_wait(1);
        let next = spawn(&world, 0, move |world| {
            let mine = Thread::at(gone.pointer);
            world.call(&mine).or_else(|| world.cold_call(&mine))
        });
        world.shut_down();
        assert!(matches!(next.join().unwrap(), Some(1) | None));
    });
}

/// The wait is over, and the shutdown was called off: its thread is found again.
#[test]
fn a_thread_that_waits_no_more_is_found_by_its_pointer() {
    loom::model(|| {
        let world = World::booted(Fences::Hinted, 0);
        let mine = world.thread();
        let found = || Slot::of(world.hints, mine.pointer, world.current.pass()).is_some();
        let slot = mine.slot().unwrap();
        assert!(found());
        let key = slot.begin_wait(1);
        // Where the process exits and there is no other thread, this one ends the generation itself.
        let inner = slot.begin_wait(1);
        assert!(!found());
        slot.end_wait(inner);
        assert!(!found());
        slot.end_wait(key);
        assert!(found());
    });
}

/// Where calls make their own fences, none enters without one.
#[test]
fn a_slot_is_not_found_by_the_pointer_where_calls_make_their_own_fences() {
    loom::model(|| {
        let current = Current::default();
        let (hints, mine) = (leaked(Hints::default()), Thread::new());
        for calls_fence in [false, true] {
            current.begin(1 + u32::from(calls_fence), calls_fence);
            let at = Some((hints, mine.pointer));
            mine.prepare(&current, at, || 7, || leaked(Slot::new()));
            let found = Slot::of(hints, mine.pointer, current.pass());
            assert_eq!(found.is_none(), calls_fence);
        }
    });
}

/// A thread that waits for the shutdown needs no fence, until it stops waiting.
#[test]
fn a_thread_that_waits_no_more_finds_the_gate_closed() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let mine = world.thread();
        let key = mine.slot().unwrap().begin_wait(1);
        let call = spawn(&world, 0, move |world| {
            mine.slot().unwrap().end_wait(key);
            world.call(&mine)
        });
        world.shut_down();
        assert!(matches!(call.join().unwrap(), Some(1) | None));
    });
}

#[test]
fn what_a_thread_did_before_it_waits_is_seen() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let mine = world.thread();
        let call = spawn(&world, 0, move |world| {
            let result = world.call(&mine);
            let _ = mine.slot().unwrap().begin_wait(1);
            result
        });
        world.shut_down();
        assert!(matches!(call.join().unwrap(), Some(1) | None));
    });
}

/// Two threads make a slot at once: neither slot is lost.
#[test]
fn two_first_calls_at_once_are_both_seen() {
    // With a second forced switch this alone would run for a minute.
    check(1, |fences| {
        let world = World::booted(fences, 2);
        let calls = [0, 1].map(|i| spawn(&world, i, |world| world.call(&world.thread())));
        world.shut_down();
        for call in calls {
            assert!(matches!(call.join().unwrap(), Some(1) | None));
        }
    });
}

/// A call inside a call may be refused; the outer call stays announced.
#[test]
fn a_call_inside_a_call_leaves_the_outer_one_announced() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let mine = world.thread();
        let calls = spawn(&world, 0, move |world| {
            let outer = world.enter(&mine)?;
            assert!(world.is_inside(&mine));
            let inner = world.call(&mine);
            assert!(matches!(inner, Some(1) | None));
            world.use_state_of(1);
            outer.leave();
            Some(())
        });
        world.shut_down();
        calls.join().unwrap();
    });
}

/// Calls of one thread may end in any order: each but the last leaves the thread announced.
#[test]
fn the_first_call_that_goes_leaves_the_second_announced() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let mine = world.thread();
        let calls = spawn(&world, 0, move |world| {
            let first = world.enter(&mine)?;
            let second = world.enter(&mine);
            first.leave();
            let second = second?;
            world.use_state_of(1);
            // A call that begins and ends meanwhile changes nothing.
            world.call(&mine);
            world.use_state_of(1);
            second.leave();
            Some(())
        });
        world.shut_down();
        calls.join().unwrap();
    });
}

/// A thread that ends while it holds a guard leaves its slot when the guard is dropped, not before.
#[test]
fn a_thread_that_is_ending_leaves_its_slot_with_its_last_call() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let mine = world.thread();
        let last = spawn(&world, 0, move |world| {
            let Some(announced) = world.enter(&mine) else {
                return;
            };
            mine.slot().unwrap().set_ending();
            mine.late();
            assert!(mine.slot().is_some(), "it is inside");
            assert!(
                world.enter(&mine).is_none(),
                "calls come to `prepare` first"
            );
            world.cold_call(&mine);
            mine.late();
            assert!(mine.slot().is_some(), "it is inside");
            world.use_state_of(1);
            announced.leave();
            mine.late();
            assert!(mine.slot().is_none(), "that was its last call");
        });
        world.shut_down();
        last.join().unwrap();
    });
}

/// The boot thread, in the library's main, does not hold up a shutdown: it is told to stop, and joined.
#[test]
fn a_thread_that_is_joined_is_not_waited_for() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let mine = world.thread();
        mine.set_joined(1);
        let stop = Arc::new(Word::new(0));
        let told = stop.clone();
        let main = spawn(&world, 0, move |world| {
            let announced = world.enter(&mine)?;
            world.use_state_of(1);
            // Main waits for the signal to stop while it holds its guard.
            while told.load(Ordering::Acquire) == 0 {
                told.wait(0, Deadline::Never);
            }
            world.use_state_of(1);
            announced.leave();
            Some(())
        });
        world.close();
        assert!(stop.change(0, 1));
        stop.wake_all();
        assert_eq!(world.inside(), 0);
        main.join().unwrap();
        world.end();
    });
}

/// What the joined thread has leaked may be lent to another thread for good, so the state stays.
#[test]
fn what_a_joined_thread_has_leaked_is_seen_when_it_is_joined() {
    check(2, |fences| {
        let world = World::booted(fences, 2);
        let mine = world.thread();
        mine.set_joined(1);
        let lent = world.clone();
        let main = spawn(&world, 0, move |world| {
            let _leaked = world.enter(&mine)?;
            Some(spawn(&lent, 1, move |world| world.use_state_of(1)))
        });
        world.close();
        assert_eq!(world.inside(), 0);
        let reader = main.join().unwrap();
        let left = world.slots.left(&world.current, 0);
        assert_eq!(left, usize::from(reader.is_some()));
        if left == 0 {
            world.end();
        }
        if let Some(reader) = reader {
            reader.join().unwrap();
        }
    });
}

/// The boot thread of a lost generation may not have ended when the next begins. Its calls count there like
/// any other thread's. It never enters that one as a thread of the lost one.
#[test]
fn a_boot_thread_that_was_left_running_is_seen_by_the_next_shutdown() {
    // Two take minutes: the soak does that.
    check(1, |fences| {
        let world = World::booted(fences, 1);
        let mine = world.thread();
        mine.set_joined(1);
        let call = spawn(&world, 0, move |world| {
            world.call(&mine).or_else(|| world.cold_call(&mine))
        });
        world.leave_lost();
        world.boot(2);
        world.shut_down();
        assert!(matches!(call.join().unwrap(), Some(1 | 2) | None));
    });
}

/// What that thread is still inside of does not hold up the shutdown of a later generation.
#[test]
fn what_a_boot_thread_that_was_left_running_is_inside_of_counts_no_more() {
    check(3, |fences| {
        let world = World::booted(fences, 0);
        let mine = world.thread();
        mine.set_joined(1);
        let stuck = world.enter(&mine).unwrap();
        world.leave_lost();
        world.boot(2);
        assert!(!stuck.is_of_the_present(&world.current));
        assert!(!world.is_inside(&mine));
        assert!(world.prepare(&mine));
        let own = world.enter(&mine).unwrap();
        assert_eq!(world.inside(), 1);
        stuck.leave();
        assert_eq!(world.inside(), 1);
        own.leave();
        assert_eq!(world.inside(), 0);
        let _stuck = world.enter(&mine).unwrap();
        assert_eq!(world.slots.left(&world.current, 1), 1, "only its own");
    });
}

/// It is announced until it has seen that the gate is closed, perhaps when the shutdown has seen all others leave.
#[test]
fn a_call_that_is_refused_is_not_taken_for_one_that_never_leaves() {
    check(2, |fences| {
        let world = World::booted(fences, 1);
        let mine = world.thread();
        let call = spawn(&world, 0, move |world| world.call(&mine));
        world.close();
        while world.inside() != 0 {
            thread::yield_now();
        }
        assert_eq!(world.slots.left(&world.current, 0), 0);
        world.end();
        call.join().unwrap();
    });
}

/// The thread that ends the process inside a call is not waited for, but is still inside.
#[test]
fn a_thread_that_never_goes_on_leaves_its_call_announced() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let mine = world.thread();
        let _announced = world.enter(&mine).unwrap();
        let _ = mine.slot().unwrap().begin_wait(1);
        let end = spawn(&world, 0, |world| {
            world.close();
            assert_eq!(world.inside(), 1);
            if world.slots.left(&world.current, 1) == 0 {
                world.end();
            }
        });
        world.use_state_of(1);
        end.join().unwrap();
        world.use_state_of(1);
    });
}

/// A thread that entered once more than its counter can hold would seem to be outside, so the process ends.
#[test]
fn a_depth_that_would_wrap_ends_the_process() {
    const NAME: &str = "a_depth_that_would_wrap_ends_the_process";
    let inside = |depth: usize| {
        loom::model(move || {
            let world = World::booted(Fences::Calls, 0);
            let mine = world.thread();
            mine.slot().unwrap().set_depth(depth);
            assert!(world.enter(&mine).is_some());
            assert_eq!(world.inside(), 1);
        });
    };
    if std::env::var_os("RT0_TOO_DEEP").is_some() {
        return inside(usize::MAX);
    }
    inside(usize::MAX - 1);
    let this = std::env::current_exe().unwrap();
    let ran = std::process::Command::new(this)
        .args(["--exact", NAME])
        .env("RT0_TOO_DEEP", "1")
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), None, "a signal ends it: {ran:?}");
}

/// What a fork leaves in the child: this thread's slot as it was, and a page of zeros. The other threads do
/// not exist there, but their slots do, with what was in them.
fn forked(threads: &[&Thread], fences: Fences, callers: usize) -> Arc<World> {
    let hints = leaked(Hints::default());
    let child = World::with(hints, fences, callers);
    for mine in threads {
        hints.write(mine.pointer, mine.slot().unwrap());
    }
    for mine in threads {
        child.slots.add(mine.slot().unwrap());
    }
    child
}

/// A thread that is inside generation 1 with these many calls.
fn inside_parent<const DEPTH: usize>() -> (Thread, [Announced; DEPTH]) {
    let parent = Current::default();
    parent.begin(1, false);
    let mine = Thread::new();
    let hints = Some((leaked(Hints::default()), mine.pointer));
    mine.prepare(&parent, hints, || 6, || leaked(Slot::new()));
    let calls = [(); DEPTH].map(|()| mine.enter(&parent, || true, || ()).unwrap().0);
    (mine, calls)
}

#[test]
fn a_call_in_a_forks_child_before_it_boots_stays_out() {
    check(3, |fences| {
        let (mine, calls) = inside_parent::<2>();
        let child = forked(&[&mine], fences, 0);
        assert_eq!(child.call(&mine), None);
        assert!(!child.is_inside(&mine));
        assert!(
            calls
                .iter()
                .all(|call| !call.is_of_the_present(&child.current))
        );
        // The parent's two calls end without any effect.
        calls.iter().for_each(Announced::leave);
        child.boot(2);
        assert_eq!(child.call(&mine), None, "it is not prepared");
        assert_eq!(child.cold_call(&mine), Some(2));
    });
}

/// The process was forked inside a call, and the child boots. The child's calls on that thread, inside the
/// parent's call and after its end, hold up a shutdown, but the parent's calls do not.
#[test]
fn a_call_in_a_forks_child_is_not_taken_for_its_parents() {
    check(3, |fences| {
        let (mine, calls) = inside_parent::<2>();
        let (left_over, _) = inside_parent::<1>();
        let child = forked(&[&left_over, &mine], fences, 1);
        child.boot(2);
        assert_eq!(child.inside(), 0, "the parent's count no more");
        let calls = spawn(&child, 0, move |child| {
            let result = child.cold_call(&mine);
            // The end of the parent's calls.
            calls.iter().for_each(Announced::leave);
            (result, child.call(&mine))
        });
        child.shut_down();
        let (inner, after) = calls.join().unwrap();
        assert!(matches!(inner, Some(2) | None));
        assert!(matches!(after, Some(2) | None));
    });
}

/// A new thread of the child has the stack, and so the pointer, of one that was inside a call when its process was
/// forked. It leaves that slot alone: the call in it never ends.
#[test]
fn a_childs_thread_does_not_take_the_slot_of_a_parents_call() {
    check_hinted(2, |fences| {
        let (gone, _) = inside_parent::<1>();
        let child = forked(&[&gone], fences, 1);
        child.boot(2);
        let call = spawn(&child, 0, move |child| {
            let mine = Thread::at(gone.pointer);
            assert!(!child.is_inside(&mine));
            child.cold_call(&mine)
        });
        child.shut_down();
        assert!(matches!(call.join().unwrap(), Some(2) | None));
    });
}

/// A guard of the child outlives one of the parent, on the same thread.
#[test]
fn the_end_of_a_parents_call_leaves_a_call_of_the_childs_announced() {
    check(3, |fences| {
        let (mine, [parents]) = inside_parent::<1>();
        let child = forked(&[&mine], fences, 1);
        child.boot(2);
        let calls = spawn(&child, 0, move |child| {
            child.prepare(&mine);
            let own = child.enter(&mine)?;
            parents.leave();
            child.use_state_of(2);
            own.leave();
            Some(())
        });
        child.shut_down();
        calls.join().unwrap();
    });
}

/// Main has forked. The child's copy of its thread is like any other there: the child's shutdown joins a
/// different thread.
#[test]
fn a_copy_of_the_parents_boot_thread_is_waited_for() {
    check(3, |fences| {
        let (mine, _) = inside_parent::<1>();
        mine.set_joined(1);
        let child = forked(&[&mine], fences, 1);
        child.boot(2);
        let call = spawn(&child, 0, move |child| child.cold_call(&mine));
        child.shut_down();
        assert!(matches!(call.join().unwrap(), Some(2) | None));
    });
}
