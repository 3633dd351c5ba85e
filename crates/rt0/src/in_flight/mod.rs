//! Which threads are inside a call that uses the generation: a shutdown waits for them.
//!
//! The protocol, and its proof, are the core's: `rt0-core/src/protocol/`. Here is what it needs from
//! the process around it: a slot for each thread, and the waiting.

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
    /// The generation in which this thread has called `exit`; 0: it has not.
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

/// Leaves this thread's slot to another.
fn give_back(slot: &'static Slot) {
    MINE.set(None);
    slot.give_back();
}

/// This thread is the boot thread, which the present generation's shutdown joins: what it does in main
/// holds nobody up. What it has left announced when it is joined, [`never_leave`] counts.
pub(crate) fn on_boot_thread() {
    let slot = MINE.get().unwrap_or_else(take_slot);
    slot.set_joined(page().number());
}

/// This thread ends the process. It may be inside a call, which it will never go on with.
pub(crate) fn ends_process_here() {
    EXITS.set(page().number());
}

/// Whether the present generation ends because this very thread has called `exit`.
#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
pub(crate) fn is_ending_process_here() -> bool {
    EXITS.get() == page().number()
}

/// The announcement that this thread is inside. Dropping it, on the same thread and in any order,
/// takes it back.
pub(crate) struct Inside {
    slot: &'static Slot,
    number: u32,
    not_send: PhantomData<*const ()>,
}

impl Inside {
    /// Announces this thread, if the generation is as `usable` wants it.
    pub fn enter(usable: impl Fn() -> bool) -> Option<Inside> {
        // First the look at the generation: where there is none, there may be no memory either.
        while usable() {
            Inside::prepare_thread();
            if let Some(inside) = Inside::enter_at_once(&usable) {
                return Some(inside);
            }
        }
        None
    }

    /// The same for the hot half of a call: `None` also when the thread has no slot yet, and when a
    /// generation ends this very moment and the next begins.
    #[inline(always)]
    pub fn enter_at_once(usable: impl Fn() -> bool) -> Option<Inside> {
        // The loader may allocate a thread-local when it is first touched, and in a fork's child the
        // lock of the allocator may be held for ever.
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

    /// Sees to it that the thread has a slot, and that the slot has the thread's id.
    pub fn prepare_thread() {
        match MINE.get() {
            Some(slot) if slot.is_known(&page().current) => {}
            Some(slot) => know(slot),
            None => {
                take_slot();
            }
        }
    }

    /// Whether the generation that it entered is the present one: not in a fork's child.
    #[inline(always)]
    pub fn is_of_the_present(&self) -> bool {
        self.number == page().number()
    }

    /// Whether this thread is inside a call already.
    pub fn already() -> bool {
        // First the number, which a child has not that has no memory for a thread-local.
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

/// The last call of a thread that is at its end.
#[cold]
#[inline(never)]
fn leave_for_ever(slot: &'static Slot) {
    give_back(slot);
}

/// This thread waits for the end of the present generation, and enters no call meanwhile: the shutdown need
/// not have it fence.
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

/// Waits until no thread is inside the present generation, but for this many. The gate must be closed.
///
/// # Errors
/// Who is still inside at the deadline, or when there is no use in waiting any more.
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
        // The calls make their own fences, or the permission was taken away after boot. A store is
        // visible to the other processors long before this is over.
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

/// How many threads are inside the present generation for ever: when no call is waited for any more and the
/// boot thread is joined. Those of the boot thread's were leaked; the thread that ends the process inside
/// a call never goes on with it. What they were lent must stay.
pub(crate) fn never_leave() -> usize {
    if sabotage::NO_IN_FLIGHT || sabotage::NO_SECOND_COUNT {
        return 0;
    }
    SLOTS.left(page().number())
}

/// Keeps the thread's id with its slot, once in a generation.
#[cold]
fn know(slot: &'static Slot) {
    slot.know(&page().current, kernel::thread_id());
}

/// A slot for this thread: one that an ended thread has left, or a new one.
#[cold]
fn take_slot() -> &'static Slot {
    let slot = SLOTS.take().unwrap_or_else(|| {
        let slot = Box::leak(Box::new(Slot::new()));
        SLOTS.add(slot);
        slot
    });
    MINE.set(Some(slot));
    know(slot);
    if GIVE_BACK.try_with(|_| ()).is_err() {
        // So late in the thread's end that nobody gives it back but the call itself.
        slot.set_ending();
    }
    slot
}
