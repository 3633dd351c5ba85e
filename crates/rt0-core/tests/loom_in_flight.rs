//! Calls in flight against shutdowns. loom drives them through every interleaving that it tries, up to a
//! bound. Run with: `RUSTFLAGS="--cfg loom" cargo test -p rt0-core --release --test loom_in_flight`.
//!
//! The library's state is a cell that no atomic protects. A boot writes the generation's number into it, a
//! call reads it, a shutdown writes 0. loom fails the test if in any interleaving a shutdown writes while a
//! call reads, or one of them comes without having seen the other.
//!
//! Each test runs twice: once where each call makes its own fence, which loom models as it is, and once with
//! the model of `membarrier(2)` in `src/sync/model/fences.rs`, where a call has no fence but the one that a
//! shutdown asks for.
#![cfg(loom)]

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::thread::{self, JoinHandle};

use rt0_core::protocol::gate::{Gate, State};
use rt0_core::protocol::in_flight::{Current, Slot, Slots, fence_calls};
use rt0_core::sync::fences::{self, interruptible};

/// Who makes the fences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fences {
    /// Each call makes its own.
    Calls,
    /// The shutdown makes them, on every thread.
    Shutdown,
}

/// One library in one process.
struct World {
    fences: Fences,
    gate: Gate,
    current: Current,
    slots: Slots,
    /// The number of the generation that the state belongs to; 0: the state was dropped.
    state: UnsafeCell<u32>,
}

impl World {
    /// A cold world. `threads` threads besides the first will call.
    fn new(fences: Fences, threads: usize) -> Arc<World> {
        if fences == Fences::Shutdown {
            fences::offer(threads);
        }
        Arc::new(World {
            fences,
            gate: Gate::new(),
            current: Current::default(),
            slots: Slots::new(),
            state: UnsafeCell::new(0),
        })
    }

    /// A world that has booted its first generation.
    fn booted(fences: Fences, threads: usize) -> Arc<World> {
        let world = World::new(fences, threads);
        world.boot(1);
        world
    }

    /// As `boot::run` and the library's boot function do.
    fn boot(&self, number: u32) {
        self.boot_uncalled(number);
        // As the first call does, on any thread.
        assert!(self.gate.open());
    }

    fn boot_uncalled(&self, number: u32) {
        assert!(self.gate.schedule());
        assert!(self.gate.claim());
        self.current.begin(number, self.fences == Fences::Calls);
        // SAFETY: only the claimer writes, and nobody reads before the gate is open; loom checks.
        self.state.with_mut(|state| unsafe { *state = number });
        assert!(self.gate.finish(true));
    }

    /// Enters, if the gate is open.
    fn enter(&self, slot: &'static Slot) -> Option<u32> {
        interruptible();
        slot.enter(&self.current, || {
            interruptible();
            self.gate.is_ready()
        })
    }

    /// What an author's function does with the state.
    fn use_state(&self, number: u32) {
        interruptible();
        // SAFETY: a shutdown is held off; loom checks.
        let seen = self.state.with(|state| unsafe { *state });
        assert_eq!(seen, number, "the state of another generation");
        interruptible();
    }

    /// A whole call. Returns its generation.
    fn call(&self, slot: &'static Slot) -> Option<u32> {
        let number = self.enter(slot)?;
        self.use_state(number);
        slot.leave(number);
        Some(number)
    }

    /// Closes the gate. Then every call has a fence behind it.
    fn close(&self) {
        let former = self.gate.begin_stop();
        assert_eq!(former.map(State::reported), Some(State::Ready));
        let fenced = fence_calls(&self.slots, self.current.number());
        assert!(fenced || self.fences == Fences::Calls);
    }

    fn inside(&self) -> usize {
        self.slots.count(self.current.number())
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
        // SAFETY: no call is inside; loom checks.
        self.state.with_mut(|state| unsafe { *state = 0 });
        assert!(self.gate.end_stop());
    }

    /// A thread's first call makes a slot for the thread.
    fn new_slot(&self) -> &'static Slot {
        // Each execution of the model leaks little, as in the shipped code.
        let slot: &'static Slot = Box::leak(Box::new(Slot::new()));
        self.slots.add(slot);
        slot
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

/// Tries every interleaving with at most this many forced switches, with both kinds of fences. A soak asks
/// for one more with `RT0_MORE_SWITCHES=1`.
fn check(forced_switches: usize, test: impl Fn(Fences) + Copy + Sync + Send + 'static) {
    let more = std::env::var("RT0_MORE_SWITCHES").map_or(0, |more| more.parse().unwrap());
    for fences in [Fences::Calls, Fences::Shutdown] {
        let mut model = loom::model::Builder::new();
        model.preemption_bound = Some(forced_switches + more);
        model.check(move || test(fences));
    }
}

#[test]
fn a_shutdown_never_drops_the_state_under_a_call() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let slot = world.new_slot();
        let call = spawn(&world, 0, move |world| world.call(slot));
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
        let slot = world.new_slot();
        let call = spawn(&world, 0, move |world| {
            let opened = world.gate.open();
            (opened, world.call(slot))
        });
        world.shut_down();
        let (opened, call) = call.join().unwrap();
        assert!(call.is_none() || opened && call == Some(1), "{call:?}");
    });
}

#[test]
fn a_shutdown_never_drops_the_state_under_two_calls() {
    check(2, |fences| {
        let world = World::booted(fences, 2);
        let slots = [world.new_slot(), world.new_slot()];
        let calls = [0, 1].map(|i| spawn(&world, i, move |world| world.call(slots[i])));
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
        let slot = world.new_slot();
        let calls = spawn(&world, 0, move |world| (world.call(slot), world.call(slot)));
        world.shut_down();
        let (first, second) = calls.join().unwrap();
        assert!(first.is_some() || second.is_none(), "the gate had closed");
    });
}

#[test]
fn a_shutdown_that_is_called_off_leaves_the_call_its_state() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let slot = world.new_slot();
        let call = spawn(&world, 0, move |world| world.call(slot));
        world.close();
        let called_off = world.inside() != 0;
        if called_off {
            assert!(world.gate.reopen(State::Ready));
        } else {
            world.end();
        }
        let result = call.join().unwrap();
        assert!(matches!(result, Some(1) | None));
        // The model does not interrupt this thread, and need not: the next shutdown runs on it.
        let next = world.call(slot);
        assert_eq!(next, called_off.then_some(1));
        if called_off {
            world.shut_down();
        }
    });
}

/// A call that has read one number and then sees the next generation's gate open must not enter with the
/// former number: the next shutdown would not see it.
#[test]
fn a_call_that_meets_the_next_generation_has_its_number() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let slot = world.new_slot();
        let call = spawn(&world, 0, move |world| world.call(slot));
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
        let slot = world.new_slot();
        let call = spawn(&world, 0, move |world| world.call(slot));
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
        let _other = world.new_slot();
        let call = spawn(&world, 0, |world| world.call(world.new_slot()));
        world.shut_down();
        assert!(matches!(call.join().unwrap(), Some(1) | None));
    });
}

#[test]
fn a_slot_that_a_thread_has_left_serves_the_next() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let slot = world.new_slot();
        let next = spawn(&world, 0, |world| {
            let slot = world.slots.take().unwrap_or_else(|| world.new_slot());
            world.call(slot)
        });
        // For its slot, this thread ends here.
        assert_eq!(world.call(slot), Some(1));
        assert!(slot.set_ending());
        slot.give_back();
        world.shut_down();
        assert!(matches!(next.join().unwrap(), Some(1) | None));
    });
}

/// A thread that waits for the shutdown needs no fence, until it stops waiting.
#[test]
fn a_thread_that_waits_no_more_finds_the_gate_closed() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let slot = world.new_slot();
        slot.begin_wait(1);
        let call = spawn(&world, 0, move |world| {
            slot.end_wait();
            world.call(slot)
        });
        world.shut_down();
        assert!(matches!(call.join().unwrap(), Some(1) | None));
    });
}

#[test]
fn what_a_thread_did_before_it_waits_is_seen() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let slot = world.new_slot();
        let call = spawn(&world, 0, move |world| {
            let result = world.call(slot);
            slot.begin_wait(1);
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
        let calls = [0, 1].map(|i| spawn(&world, i, |world| world.call(world.new_slot())));
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
        let slot = world.new_slot();
        let calls = spawn(&world, 0, move |world| {
            let outer = world.enter(slot)?;
            assert!(slot.already(&world.current));
            let inner = world.call(slot);
            assert!(matches!(inner, Some(1) | None));
            world.use_state(outer);
            slot.leave(outer);
            Some(outer)
        });
        world.shut_down();
        assert!(matches!(calls.join().unwrap(), Some(1) | None));
    });
}

/// Guards of one thread may be dropped in any order.
#[test]
fn the_first_guard_that_goes_leaves_the_second_announced() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let slot = world.new_slot();
        let guards = spawn(&world, 0, move |world| {
            let first = world.enter(slot)?;
            let second = world.enter(slot);
            slot.leave(first);
            let second = second?;
            world.use_state(second);
            slot.leave(second);
            Some(second)
        });
        world.shut_down();
        assert!(matches!(guards.join().unwrap(), Some(1) | None));
    });
}

/// A thread that ends while it holds a guard leaves its slot when the guard is dropped, not before.
#[test]
fn a_thread_that_is_ending_leaves_its_slot_with_its_last_call() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let slot = world.new_slot();
        let last = spawn(&world, 0, move |world| {
            let Some(number) = world.enter(slot) else {
                return;
            };
            assert!(!slot.set_ending(), "it is inside");
            world.use_state(number);
            assert!(slot.leave(number), "that was its last call");
            slot.give_back();
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
        let slot = world.new_slot();
        slot.set_joined(1);
        let main = spawn(&world, 0, move |world| {
            let number = world.enter(slot)?;
            world.use_state(number);
            // Main waits for the signal to stop while it holds its guard.
            world
                .gate
                .wait_while(State::Ready, rt0_core::sync::Deadline::Never);
            world.use_state(number);
            slot.leave(number);
            Some(number)
        });
        world.close();
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
        let slot = world.new_slot();
        slot.set_joined(1);
        let lent = world.clone();
        let main = spawn(&world, 0, move |world| {
            let number = world.enter(slot)?;
            Some(spawn(&lent, 1, move |world| world.use_state(number)))
        });
        world.close();
        assert_eq!(world.inside(), 0);
        let reader = main.join().unwrap();
        let left = world.slots.left(1);
        assert_eq!(left, usize::from(reader.is_some()));
        if left == 0 {
            world.end();
        }
        if let Some(reader) = reader {
            reader.join().unwrap();
        }
    });
}

/// The thread that ends the process inside a call is not waited for, but is still inside.
#[test]
fn a_thread_that_never_goes_on_leaves_its_call_announced() {
    check(3, |fences| {
        let world = World::booted(fences, 1);
        let slot = world.new_slot();
        let number = world.enter(slot).unwrap();
        slot.begin_wait(number);
        let end = spawn(&world, 0, |world| {
            world.close();
            assert_eq!(world.inside(), 1);
            if world.slots.left(1) == 0 {
                world.end();
            }
        });
        world.use_state(number);
        end.join().unwrap();
        world.use_state(number);
    });
}

/// A thread that entered once more than its counter can hold would seem to be outside, so the process ends.
#[test]
fn a_depth_that_would_wrap_ends_the_process() {
    const NAME: &str = "a_depth_that_would_wrap_ends_the_process";
    let inside = |depth: usize| {
        loom::model(move || {
            let world = World::booted(Fences::Calls, 0);
            let slot = world.new_slot();
            slot.set_depth(1, depth);
            assert_eq!(world.enter(slot), Some(1));
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
fn forked(slots: &[&'static Slot], fences: Fences, threads: usize) -> Arc<World> {
    let child = World::new(fences, threads);
    for slot in slots {
        child.slots.add(slot);
    }
    child
}

/// A slot whose thread is inside generation 1 `depth` times.
fn slot_inside_parent(depth: usize) -> &'static Slot {
    let slot: &'static Slot = Box::leak(Box::new(Slot::new()));
    let parent = Current::default();
    parent.begin(1, false);
    for _ in 0..depth {
        assert_eq!(slot.enter(&parent, || true), Some(1));
    }
    slot
}

#[test]
fn a_call_in_a_forks_child_before_it_boots_stays_out() {
    check(3, |fences| {
        let slot = slot_inside_parent(2);
        let child = forked(&[slot], fences, 0);
        assert_eq!(child.call(slot), None);
        assert!(!slot.already(&child.current));
        // The parent's two calls end without any effect.
        assert!(!slot.leave(1));
        assert!(!slot.leave(1));
        child.boot(2);
        assert_eq!(child.call(slot), Some(2));
    });
}

/// The process was forked inside a call, and the child boots. The child's calls on that thread, inside the
/// parent's call and after its end, hold up a shutdown, but the parent's calls do not.
#[test]
fn a_call_in_a_forks_child_is_not_taken_for_its_parents() {
    check(3, |fences| {
        let slot = slot_inside_parent(2);
        let left_over = slot_inside_parent(1);
        let child = forked(&[left_over, slot], fences, 1);
        child.boot(2);
        assert_eq!(child.inside(), 0, "the parent's count no more");
        let calls = spawn(&child, 0, move |child| {
            let result = child.call(slot);
            // The end of the parent's calls.
            assert!(!slot.leave(1));
            assert!(!slot.leave(1));
            (result, child.call(slot))
        });
        child.shut_down();
        let (inner, after) = calls.join().unwrap();
        assert!(matches!(inner, Some(2) | None));
        assert!(matches!(after, Some(2) | None));
    });
}

/// A guard of the child outlives one of the parent, on the same thread.
#[test]
fn the_end_of_a_parents_call_leaves_a_call_of_the_childs_announced() {
    check(3, |fences| {
        let slot = slot_inside_parent(1);
        let child = forked(&[slot], fences, 1);
        child.boot(2);
        let calls = spawn(&child, 0, move |child| {
            let own = child.enter(slot)?;
            assert!(!slot.leave(1));
            child.use_state(own);
            slot.leave(own);
            Some(own)
        });
        child.shut_down();
        assert!(matches!(calls.join().unwrap(), Some(2) | None));
    });
}

/// Main has forked. The child's copy of its thread is like any other there: the child's shutdown joins a
/// different thread.
#[test]
fn a_copy_of_the_parents_boot_thread_is_waited_for() {
    check(3, |fences| {
        let slot = slot_inside_parent(1);
        slot.set_joined(1);
        let child = forked(&[slot], fences, 1);
        child.boot(2);
        let call = spawn(&child, 0, move |child| child.call(slot));
        child.shut_down();
        assert!(matches!(call.join().unwrap(), Some(2) | None));
    });
}
