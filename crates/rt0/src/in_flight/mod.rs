//! Tracks which threads are inside a call that uses the generation, so that a shutdown can wait for them.
//!
//! The protocol and its proof are in the core: `rt0-core/src/protocol/`. This module adds what the protocol
//! needs from the process: a slot for each thread, and the waiting.

pub(crate) mod still_inside;

use std::cell::Cell;
use std::marker::PhantomData;
use std::time::{Duration, Instant};

use rt0_core::generation::page;
use rt0_core::platform::kernel;
use rt0_core::protocol::in_flight::{Slot, Slots, fence_calls};
use rt0_core::sabotage;

use self::still_inside::StillInside;

static SLOTS: Slots = Slots::new();

thread_local! {
    /// This thread's slot. It has no destructor, so access needs no destructor check.
    static MINE: Cell<Option<&'static Slot>> = const { Cell::new(None) };
    /// Gives the slot back when the thread ends.
    static GIVE_BACK: GiveBack = const { GiveBack };
    /// The generation in which this thread called `exit`; 0 if it has not.
    static EXITS: Cell<u32> = const { Cell::new(0) };
}

struct GiveBack;

impl Drop for GiveBack {
    fn drop(&mut self) {
        if let Some(slot) = MINE.get()
            && slot.set_ending()
        {
            give_back(slot);
        }
    }
}

/// Gives up this thread's slot, so that another thread can take it.
fn give_back(slot: &'static Slot) {
    MINE.set(None);
    slot.give_back();
}

/// Marks this thread as the boot thread. The shutdown joins it, so it does not wait for calls that main is
/// inside. Announcements that the boot thread never took back are counted by [`never_leave`] once it is
/// joined.
pub(crate) fn on_boot_thread() {
    let slot = MINE.get().unwrap_or_else(take_slot);
    slot.set_joined(page().number());
}

/// Marks this thread as the one that ends the process. If it is inside a call, it never returns to it.
pub(crate) fn ends_process_here() {
    EXITS.set(page().number());
}

/// Whether the present generation is ending because this thread called `exit`.
pub(crate) fn is_ending_process_here() -> bool {
    EXITS.get() == page().number()
}

/// The announcement that this thread is inside a call. Dropping it takes the announcement back. Several can
/// be dropped in any order, but each on its own thread.
pub(crate) struct Inside {
    slot: &'static Slot,
    number: u32,
    not_send: PhantomData<*const ()>,
}

impl Inside {
    /// Announces this thread, if `usable` accepts the generation's state.
    pub fn enter(usable: impl Fn() -> bool) -> Option<Inside> {
        // Look at the generation first: where there is none, there may be no memory for the slot either.
        while usable() {
            Inside::prepare_thread();
            if let Some(inside) = Inside::enter_at_once(&usable) {
                return Some(inside);
            }
        }
        None
    }

    /// Like [`enter`](Inside::enter), for the hot half of a call. It also returns `None` if the thread has no
    /// slot yet, or if at this moment one generation ends and the next begins.
    #[inline(always)]
    pub fn enter_at_once(usable: impl Fn() -> bool) -> Option<Inside> {
        // The loader may allocate a thread-local when it is first touched, and in a fork's child the
        // allocator's lock may be held forever.
        if !sabotage::NO_LOOK_FIRST && !usable() {
            return None;
        }
        let slot = MINE.get()?;
        let number = slot.enter(&page().current, usable)?;
        Some(Inside {
            slot,
            number,
            not_send: PhantomData,
        })
    }

    /// Makes sure that the thread has a slot, and that the slot holds the thread's id.
    pub fn prepare_thread() {
        match MINE.get() {
            Some(slot) if slot.is_known(&page().current) => {}
            Some(slot) => store_thread_id(slot),
            None => {
                take_slot();
            }
        }
    }

    /// Whether the generation that was entered is the present one. In a fork's child it is not.
    #[inline(always)]
    pub fn is_of_the_present(&self) -> bool {
        self.number == page().number()
    }

    /// Whether this thread is already inside a call.
    pub fn already() -> bool {
        // Check the number first. It is 0 in a child that may have no memory for a thread-local.
        page().number() != 0 && MINE.get().is_some_and(|slot| slot.already(&page().current))
    }
}

impl Drop for Inside {
    #[inline(always)]
    fn drop(&mut self) {
        if self.slot.leave(self.number) {
            leave_for_ever(self.slot);
        }
    }
}

/// Called when a thread that is ending leaves its last call.
#[cold]
#[inline(never)]
fn leave_for_ever(slot: &'static Slot) {
    give_back(slot);
}

/// Held while this thread waits for the end of the present generation. It enters no call meanwhile, so the
/// shutdown does not need this thread to run a fence.
pub(crate) struct Waiting(Option<&'static Slot>);

impl Waiting {
    pub fn begin() -> Waiting {
        let slot = MINE.get();
        if let Some(slot) = slot {
            slot.begin_wait(page().number());
        }
        Waiting(slot)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(slot) = self.0 {
            slot.end_wait();
        }
    }
}

/// Waits until at most `but` threads are inside the present generation. The gate must be closed.
///
/// # Errors
/// The threads that are still inside at the deadline, or when `no_use` says that waiting is useless.
pub(crate) fn wait_for_calls(
    deadline: Option<Instant>,
    but: usize,
    no_use: impl Fn() -> bool,
) -> Result<(), StillInside> {
    if sabotage::NO_IN_FLIGHT {
        return Ok(());
    }
    let begun = Instant::now();
    let _waiting = Waiting::begin();
    if !fence_calls(&SLOTS, page().number()) {
        // Either the calls run their own fences, or the system has refused the fence since boot. In both
        // cases a sleep is enough: a store is visible to the other processors long before the sleep ends.
        std::thread::sleep(Duration::from_millis(10));
    }
    let mut pause = Duration::from_micros(20);
    loop {
        let inside = SLOTS.count(page().number());
        if inside <= but {
            return Ok(());
        }
        if no_use() || deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            let threads = SLOTS.threads(page().number());
            return Err(StillInside::new(inside, threads, begun.elapsed()));
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(5));
    }
}

/// How many threads stay inside the present generation forever. Ask when the calls have left and the boot
/// thread is joined. What is still announced then was leaked on the boot thread, or belongs to the thread
/// that ends the process inside a call, which it never returns to. Whatever these threads were lent must
/// stay.
pub(crate) fn never_leave() -> usize {
    if sabotage::NO_IN_FLIGHT || sabotage::NO_SECOND_COUNT {
        return 0;
    }
    SLOTS.left(page().number())
}

/// Stores the thread's id in its slot, once per generation.
#[cold]
fn store_thread_id(slot: &'static Slot) {
    slot.know(&page().current, kernel::thread_id());
}

/// Takes a slot for this thread: one that an ended thread gave back, or a new one.
#[cold]
fn take_slot() -> &'static Slot {
    let slot = SLOTS.take().unwrap_or_else(|| {
        let slot = Box::leak(Box::new(Slot::new()));
        SLOTS.add(slot);
        slot
    });
    MINE.set(Some(slot));
    store_thread_id(slot);
    if GIVE_BACK.try_with(|_| ()).is_err() {
        // The thread is so close to its end that `GIVE_BACK` is gone. The call itself gives the slot back.
        slot.set_ending();
    }
    slot
}
