//! Which threads are inside a call that uses the generation: a shutdown waits for them.
//!
//! Every thread has a slot, and writes the generation's number into it when it enters such a call.
//! Only its own thread writes a slot, so that two callers never share a cache line.
//!
//! The protocol is Dekker's, with the fence on one side only:
//!
//! ```text
//!   a call                               the shutdown
//!   slot = number                        state = STOPPING
//!   (the compiler keeps the order)       fence on every thread: membarrier(2)
//!   state READY, and number unchanged?   slot = number?
//!     yes: go in    no: slot = former      yes: wait    no: nobody is inside
//! ```
//!
//! Either the call sees STOPPING and stays out, or the shutdown sees the slot and waits. Where the
//! kernel has no such fence, or a sandbox forbids it, each call makes its own ([`FENCE_IN_CALLS`]).
//!
//! A call inside a call of the same thread only counts. Numbers never repeat, so the slots of a fork's
//! parent, and of calls in which the process was forked, are told apart by what stands in them.
//!
//! The idea of the one-sided fence is Dice, Huang and Yang's ("Asymmetric Dekker synchronization",
//! 2001); Linux offers it since 4.14.

use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering, compiler_fence, fence};
use std::time::{Duration, Instant};

use rt0_core::generation::page;
use rt0_core::{sabotage, sys};

/// One thread's slot. Slots are never freed; a thread that ends leaves its own to the next.
#[repr(align(128))]
struct Slot {
    /// The generation that the thread is inside of; 0: none.
    inside: AtomicU32,
    /// How many of its calls are. Only the thread itself looks.
    depth: AtomicU32,
    /// Whether the thread is at its end, and leaves the slot with its last call. Its own, too.
    ending: AtomicBool,
    /// Whether a shutdown joins the thread anyway, before it touches anything.
    joined: AtomicBool,
    /// Whether a thread has it.
    taken: AtomicBool,
    /// The slot made before this one.
    next: AtomicPtr<Slot>,
}

/// The slot made last.
static SLOTS: AtomicPtr<Slot> = AtomicPtr::new(null_mut());

/// In the page's flags: `fence_all_threads` can't be had.
const FENCE_IN_CALLS: u32 = 1;

thread_local! {
    /// This thread's slot. It has no destructor, so that a call finds it without further ado.
    static MINE: Cell<Option<&'static Slot>> = const { Cell::new(None) };
    /// Gives the slot back when the thread ends.
    static GIVE_BACK: GiveBack = const { GiveBack };
}

struct GiveBack;

impl Drop for GiveBack {
    fn drop(&mut self) {
        if let Some(slot) = MINE.get() {
            slot.ending.store(true, Ordering::Relaxed);
            slot.leave_if_unused();
        }
    }
}

impl Slot {
    /// Leaves the slot to another thread, if nothing of this one is inside.
    fn leave_if_unused(&self) {
        if self.depth.load(Ordering::Relaxed) == 0 {
            MINE.set(None);
            self.ending.store(false, Ordering::Relaxed);
            self.joined.store(false, Ordering::Relaxed);
            // Release pairs with the Acquire in `take_slot`: the thread is done with it.
            self.taken.store(false, Ordering::Release);
        }
    }
}

/// Called by each boot, before the gate opens.
pub(crate) fn prepare() {
    let flags = if sys::can_fence_all_threads() {
        0
    } else {
        FENCE_IN_CALLS
    };
    // Relaxed: the gate's Release, which follows, publishes it.
    page().flags.store(flags, Ordering::Relaxed);
}

/// This thread is the boot thread, which a shutdown joins: what it does in main holds nobody up.
pub(crate) fn on_boot_thread() {
    let slot = MINE.get().unwrap_or_else(take_slot);
    slot.joined.store(true, Ordering::Relaxed);
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
        // Relaxed, here and below: only this thread writes its slot.
        let former = slot.inside.load(Ordering::Relaxed);
        let number = page().number();
        // The fence of the shutdown, or ours, orders it against the look at the state.
        slot.inside.store(number, Ordering::Relaxed);
        compiler_fence(Ordering::SeqCst);
        if page().flags.load(Ordering::Relaxed) & FENCE_IN_CALLS != 0 {
            fence(Ordering::SeqCst);
        }
        if usable() && page().number() == number {
            // Calls of another generation are those of a fork's parent: they count no more.
            let depth = if former == number {
                slot.depth.load(Ordering::Relaxed)
            } else {
                0
            };
            slot.depth.store(depth + 1, Ordering::Relaxed);
            return Some(Inside {
                slot,
                number,
                not_send: PhantomData,
            });
        }
        slot.inside.store(former, Ordering::Relaxed);
        None
    }

    /// Sees to it that the thread has a slot.
    pub fn prepare_thread() {
        if MINE.get().is_none() {
            take_slot();
        }
    }

    /// Whether this thread is inside a call already.
    pub fn already() -> bool {
        MINE.get().is_some_and(|slot| {
            let inside = slot.inside.load(Ordering::Relaxed);
            inside != 0 && inside == page().number()
        })
    }
}

impl Drop for Inside {
    #[inline(always)]
    fn drop(&mut self) {
        let slot = self.slot;
        if slot.inside.load(Ordering::Relaxed) != self.number {
            // The process was forked inside this call, and has booted a generation of its own since.
            return;
        }
        let depth = slot.depth.load(Ordering::Relaxed) - 1;
        slot.depth.store(depth, Ordering::Relaxed);
        if depth == 0 {
            // Release pairs with the Acquire in `count`: what the call did with the state is done.
            slot.inside.store(0, Ordering::Release);
            if slot.ending.load(Ordering::Relaxed) {
                slot.leave_if_unused();
            }
        }
    }
}

/// Waits until no thread is inside the present generation, but for this many. The gate must be closed.
///
/// # Errors
/// How many are still inside at the deadline.
pub(crate) fn wait_for_calls(deadline: Option<Instant>, but: usize) -> Result<(), usize> {
    if sabotage::NO_IN_FLIGHT {
        return Ok(());
    }
    if !sys::fence_all_threads() {
        // The calls make their own fences, or the permission was taken away after boot. A store is
        // visible to the other processors long before this is over.
        std::thread::sleep(Duration::from_millis(10));
    }
    let mut pause = Duration::from_micros(20);
    loop {
        let inside = count(page().number());
        if inside <= but {
            return Ok(());
        }
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(inside);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(5));
    }
}

fn count(number: u32) -> usize {
    // Acquire pairs with the Release in `Inside::drop`.
    slots()
        .filter(|slot| slot.inside.load(Ordering::Acquire) == number)
        .filter(|slot| !slot.joined.load(Ordering::Relaxed))
        .count()
}

fn slots() -> impl Iterator<Item = &'static Slot> {
    let reference = |slot: &AtomicPtr<Slot>| {
        // Acquire pairs with the Release in `take_slot`.
        let slot = slot.load(Ordering::Acquire);
        // SAFETY: null, or a leaked box.
        unsafe { slot.cast_const().as_ref() }
    };
    std::iter::successors(reference(&SLOTS), move |slot| reference(&slot.next))
}

/// A slot for this thread: one that an ended thread has left, or a new one.
#[cold]
fn take_slot() -> &'static Slot {
    let left = slots().find(|slot| {
        // Acquire pairs with the Release of the thread that left it.
        slot.taken
            .compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed)
            .is_ok()
    });
    let slot = left.unwrap_or_else(new_slot);
    MINE.set(Some(slot));
    if GIVE_BACK.try_with(|_| ()).is_err() {
        // So late in the thread's end that nobody gives it back but the call itself.
        slot.ending.store(true, Ordering::Relaxed);
    }
    slot
}

fn new_slot() -> &'static Slot {
    let slot = Box::leak(Box::new(Slot {
        inside: AtomicU32::new(0),
        depth: AtomicU32::new(0),
        ending: AtomicBool::new(false),
        joined: AtomicBool::new(false),
        taken: AtomicBool::new(true),
        next: AtomicPtr::new(null_mut()),
    }));
    let mut last = SLOTS.load(Ordering::Relaxed);
    loop {
        slot.next.store(last, Ordering::Relaxed);
        // Release pairs with the Acquire in `slots`.
        match SLOTS.compare_exchange_weak(last, slot, Ordering::Release, Ordering::Relaxed) {
            Ok(_) => return slot,
            Err(now) => last = now,
        }
    }
}
