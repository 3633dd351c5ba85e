//! The slots that ship, with real threads, for Miri and for every test run. Each call makes its own fence: Miri knows
//! no `membarrier(2)`. All interleavings of the protocol are the model's: `tests/loom_in_flight.rs`.

extern crate std;

use core::cell::UnsafeCell;
use std::boxed::Box;
use std::thread;

use super::*;

/// What calls use. No atomic protects it: a call that reads it while a shutdown writes is a data race.
struct State(UnsafeCell<Option<Box<u32>>>);

// SAFETY: the slots keep the calls that read it apart from the shutdown that writes, which is what is tested.
unsafe impl Sync for State {}

struct World {
    open: AtomicBool,
    current: Current,
    slots: Slots,
    state: State,
}

static WORLD: World = World {
    open: AtomicBool::new(false),
    current: Current {
        pass: AtomicUsize::new(0),
        fixed: AtomicUsize::new(0),
        number: AtomicU32::new(0),
        first: AtomicU32::new(0),
        calls_fence: AtomicU32::new(0),
    },
    slots: Slots::new(),
    state: State(UnsafeCell::new(None)),
};

const GENERATIONS: u32 = 4;

fn boot(number: u32) {
    // SAFETY: the gate is closed, and nobody is inside.
    unsafe { *WORLD.state.0.get() = Some(Box::new(number)) };
    WORLD.current.begin(number, true);
    // Release pairs with the Acquire in `is_open`.
    WORLD.open.store(true, Ordering::Release);
}

fn shut_down() {
    WORLD.open.store(false, Ordering::Relaxed);
    // Pairs with the full fence in `Mine::enter`. The rest of `fence_calls` is for calls without a fence of their own.
    fences::full();
    while WORLD.slots.count(&WORLD.current) != 0 {
        thread::yield_now();
    }
    // SAFETY: the gate is closed, and nobody is inside.
    unsafe { *WORLD.state.0.get() = None };
}

fn is_open() -> bool {
    // Acquire pairs with the Release in `boot`.
    WORLD.open.load(Ordering::Acquire)
}

/// What a call reads of the state, and another inside it. `None`: no generation took it.
fn call(mine: &Mine) -> Option<u32> {
    let read = || {
        // SAFETY: announced, and the gate was open since.
        unsafe { (*WORLD.state.0.get()).as_deref().copied() }
    };
    let (announced, ()) = mine.enter(&WORLD.current, is_open, || ())?;
    let inner = announced.again();
    let first = read();
    announced.leave();
    assert!(mine.is_inside(&WORLD.current, || None));
    assert_eq!(first, read(), "the state of one generation");
    inner.leave();
    first
}

/// Calls until the last generation has answered, and leaves its slot to a later thread.
fn calls() {
    let mine = Mine::new();
    let mut last = 0;
    while last != GENERATIONS {
        if WORLD.current.number() == 0 {
            thread::yield_now();
            continue;
        }
        if let Some(found) = call(&mine) {
            assert!(found >= last);
            last = found;
        } else {
            mine.prepare(&WORLD.current, None, || 1, taken);
            thread::yield_now();
        }
    }
    if let Some(slot) = mine.slot() {
        slot.set_ending();
    }
    mine.late();
    assert!(mine.slot().is_none());
}

fn taken() -> &'static Slot {
    WORLD.slots.take().unwrap_or_else(|| {
        let slot = Box::leak(Box::new(Slot::new()));
        WORLD.slots.add(slot);
        slot
    })
}

#[test]
fn a_shutdown_waits_for_each_call_and_slots_are_used_again() {
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(calls);
        }
        for number in 1..=GENERATIONS {
            boot(number);
            if number < GENERATIONS {
                thread::yield_now();
                shut_down();
            }
        }
    });
    // Both threads have gone: their slots serve the next ones.
    thread::scope(|scope| {
        scope.spawn(calls);
    });
    assert!(WORLD.slots.all().count() <= 2);
    shut_down();
}
