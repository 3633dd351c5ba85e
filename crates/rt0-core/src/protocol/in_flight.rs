//! Which threads are inside a call that uses the generation: the protocol between a call and a shutdown.
//!
//! Every thread has a slot, and writes the generation's number into it when it enters such a call. Either the call
//! sees that the gate is closed and stays out, or the shutdown sees the slot and waits: Dekker's protocol, with the
//! fence on the shutdown's side only. `README.md` beside this file has it in full, with what may be left out when, and
//! what the model checker does not see.

use core::ptr::null_mut;
use core::sync::atomic::Ordering;

use crate::sabotage;
use crate::sync::{
    AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, IS_MODEL, constructor, fences, for_the_model,
};

/// What a call looks at besides the gate. All-zero bytes: no generation was begun.
#[repr(C)]
pub struct Current {
    /// The number of the generation that was begun last; 0: none was.
    number: AtomicU32,
    /// 1 when each call makes its own fence.
    calls_fence: AtomicU32,
}

impl Current {
    /// Called by each boot, before the gate opens. Fences of the shutdown's alone can't come back in a
    /// process that has once been refused them: no call may still think so.
    pub fn begin(&self, number: u32, calls_fence: bool) {
        // Relaxed: the number's Release publishes it.
        self.calls_fence
            .store(calls_fence.into(), Ordering::Relaxed);
        // Release pairs with the Acquire in `number`: a call that has this number knows who fences.
        // The gate's own Release would be too late: the number can be seen before the gate is open.
        self.number.store(number, Ordering::Release);
    }

    /// The number of the generation that was begun last in this process; 0: none was.
    #[inline(always)]
    pub fn number(&self) -> u32 {
        // Acquire pairs with the Release in `begin`.
        self.number.load(Ordering::Acquire)
    }
}

for_the_model! {
    impl Default for Current {
        /// Before any generation. What ships has it as zeros on the page.
        fn default() -> Current {
            Current {
                number: AtomicU32::new(0),
                calls_fence: AtomicU32::new(0),
            }
        }
    }
}

/// One thread's slot. Slots are never freed; a thread that ends leaves its own to the next.
#[repr(align(128))]
pub struct Slot {
    /// The generation that the thread is inside of; 0: none.
    inside: AtomicU32,
    /// How many of its calls are. Only the thread itself looks.
    depth: AtomicUsize,
    /// Whether the thread is at its end, and leaves the slot with its last call. Its own, too.
    ending: AtomicBool,
    /// The generation whose shutdown joins the thread anyway, before it touches anything; 0: none. A
    /// fork's child has a copy of the thread, and a boot thread of its own.
    joined: AtomicU32,
    /// Whether a thread has it.
    taken: AtomicBool,
    /// The generation for whose end its thread waits, and does nothing else; 0: none.
    waits: AtomicU32,
    /// The id of its thread, and the generation in which it was asked for: see [`Slot::is_known`].
    thread: AtomicU32,
    asked: AtomicU32,
    /// The slot made before this one.
    next: AtomicPtr<Slot>,
}

impl Slot {
    /// A slot that the thread which makes it has taken.
    #[expect(
        clippy::new_without_default,
        reason = "it is not a slot like any other"
    )]
    pub fn new() -> Slot {
        Slot {
            inside: AtomicU32::new(0),
            depth: AtomicUsize::new(0),
            ending: AtomicBool::new(false),
            joined: AtomicU32::new(0),
            taken: AtomicBool::new(true),
            waits: AtomicU32::new(0),
            thread: AtomicU32::new(0),
            asked: AtomicU32::new(0),
            next: AtomicPtr::new(null_mut()),
        }
    }

    /// Announces its thread, if the generation is as `usable` wants it: the number to `leave` with.
    /// `None` also when a generation ends this very moment and the next begins.
    #[inline(always)]
    pub fn enter(&self, current: &Current, usable: impl Fn() -> bool) -> Option<u32> {
        // Relaxed, here and below: only this thread writes its slot.
        let former = self.inside.load(Ordering::Relaxed);
        let number = current.number();
        // The fence of the shutdown, or ours, orders it against the look at the state.
        self.inside.store(number, Ordering::Relaxed);
        fences::light();
        // Relaxed: the number's Acquire has it.
        if current.calls_fence.load(Ordering::Relaxed) != 0 {
            fences::full();
        }
        if usable() && current.number() == number {
            // Calls of another generation are those of a fork's parent: they count no more.
            let depth = if former == number {
                self.depth.load(Ordering::Relaxed)
            } else {
                0
            };
            if CAN_WRAP && depth == usize::MAX {
                too_deep();
            }
            self.depth.store(depth + 1, Ordering::Relaxed);
            return Some(number);
        }
        // Release pairs with the Acquire in `count`, which may see this in place of what the call
        // before this one has stored when it left.
        self.inside.store(former, Ordering::Release);
        None
    }

    /// The end of a call, on the thread that entered it, in any order. True when the thread was at its
    /// end, and this its last call: then it must [`give_back`](Slot::give_back) the slot.
    #[inline(always)]
    pub fn leave(&self, number: u32) -> bool {
        if self.inside.load(Ordering::Relaxed) != number {
            // The process was forked inside this call, and has booted a generation of its own since.
            return false;
        }
        let depth = self.depth.load(Ordering::Relaxed) - 1;
        self.depth.store(depth, Ordering::Relaxed);
        if depth != 0 {
            return false;
        }
        // Release pairs with the Acquire in `count`: what the call did with the state is done.
        self.inside.store(0, Ordering::Release);
        self.ending.load(Ordering::Relaxed)
    }

    /// Whether its thread is inside a call already.
    pub fn already(&self, current: &Current) -> bool {
        let inside = self.inside.load(Ordering::Relaxed);
        inside != 0 && inside == current.number()
    }

    /// Its thread is one that the shutdown of this generation joins: what it does holds nobody up.
    pub fn set_joined(&self, number: u32) {
        self.joined.store(number, Ordering::Relaxed);
    }

    fn is_joined(&self, number: u32) -> bool {
        // Relaxed: the thread has stored it before it has entered anything.
        let joined = self.joined.load(Ordering::Relaxed);
        joined == number || (sabotage::NO_JOINED_NUMBER && joined != 0)
    }

    /// Whether the id of its thread is still right: a fork's child, whose thread has another, begins the next
    /// generation.
    pub fn is_known(&self, current: &Current) -> bool {
        // Relaxed, here and below: only its own thread writes it, and others read it for people alone.
        self.asked.load(Ordering::Relaxed) == current.number()
    }

    /// The id of its thread.
    pub fn know(&self, current: &Current, thread: u32) {
        self.thread.store(thread, Ordering::Relaxed);
        self.asked.store(current.number(), Ordering::Relaxed);
    }

    /// Its thread waits for the end of this generation, and enters no call of it meanwhile.
    pub fn begin_wait(&self, number: u32) {
        // Release pairs with the Acquire in `may_enter`: the thread's calls are done.
        self.waits.store(number, Ordering::Release);
    }

    /// It waits no more.
    pub fn end_wait(&self) {
        self.waits.store(0, Ordering::Relaxed);
        // Pairs with the one in `fence_calls`: if that has seen the thread wait, its next call sees the
        // gate closed.
        fences::full();
    }

    /// Whether its thread may be about to enter this generation. Not if a shutdown joins it.
    fn may_enter(&self, number: u32) -> bool {
        // Acquire pairs with the Release of `give_back` and of `begin_wait`.
        self.taken.load(Ordering::Acquire)
            && !self.is_joined(number)
            && self.waits.load(Ordering::Acquire) != number
    }

    /// Its thread is at its end. True when nothing of it is inside: then it must give the slot back.
    pub fn set_ending(&self) -> bool {
        self.ending.store(true, Ordering::Relaxed);
        self.depth.load(Ordering::Relaxed) == 0
    }

    /// Leaves the slot to another thread. The thread must not use it any more.
    pub fn give_back(&self) {
        self.ending.store(false, Ordering::Relaxed);
        self.joined.store(0, Ordering::Relaxed);
        // Release pairs with the Acquire in `take`: the thread is done with it.
        self.taken.store(false, Ordering::Release);
    }
}

/// All slots.
pub struct Slots {
    /// The one made last.
    last: AtomicPtr<Slot>,
}

impl Slots {
    constructor! {
        /// None yet.
        pub fn new() -> Slots {
            Slots {
                last: AtomicPtr::new(null_mut()),
            }
        }
    }

    /// A slot that an ended thread has left.
    pub fn take(&self) -> Option<&'static Slot> {
        let slot = self.all().find(|slot| {
            // Acquire pairs with the Release of the thread that left it.
            slot.taken
                .compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed)
                .is_ok()
        });
        // Pairs with the one in `fence_calls`: if that has seen the slot free, the thread's first call
        // sees the gate closed.
        fences::full();
        slot
    }

    /// Adds a new one.
    pub fn add(&self, slot: &'static Slot) {
        let mut last = self.last.load(Ordering::Relaxed);
        loop {
            slot.next.store(last, Ordering::Relaxed);
            let slot = (&raw const *slot).cast_mut();
            // Release pairs with the Acquire in `all`.
            match self
                .last
                .compare_exchange_weak(last, slot, Ordering::Release, Ordering::Relaxed)
            {
                Ok(_) => break,
                Err(now) => last = now,
            }
        }
        // As in `take`: if `fence_calls` has not seen the slot at all.
        fences::full();
    }

    /// How many threads hold the end of this generation up, because they are inside of it. The gate must be
    /// closed, and [`fence_calls`] done: then it does not grow any more.
    pub fn count(&self, number: u32) -> usize {
        self.waited_for(number).count()
    }

    /// The ids of these threads. 0: not known.
    pub fn threads(&self, number: u32) -> impl Iterator<Item = u32> {
        self.waited_for(number)
            .map(|slot| slot.thread.load(Ordering::Relaxed))
    }

    /// How many are inside for ever: when nobody is waited for any more, and those that are joined have been
    /// joined. That join has this thread see what they have stored.
    pub fn left(&self, number: u32) -> usize {
        self.inside(number).count()
    }

    fn waited_for(&self, number: u32) -> impl Iterator<Item = &'static Slot> {
        self.inside(number)
            .filter(move |slot| !slot.is_joined(number))
    }

    fn inside(&self, number: u32) -> impl Iterator<Item = &'static Slot> {
        // Acquire pairs with the Release of `leave` and of `enter`.
        self.all()
            .filter(move |slot| slot.inside.load(Ordering::Acquire) == number)
    }

    fn all(&self) -> impl Iterator<Item = &'static Slot> {
        let reference = |slot: &AtomicPtr<Slot>| {
            // Acquire pairs with the Release in `add`.
            let slot = slot.load(Ordering::Acquire);
            // SAFETY: null, or what `add` was given: a slot for ever.
            unsafe { slot.cast_const().as_ref() }
        };
        core::iter::successors(reference(&self.last), move |slot| reference(&slot.next))
    }
}

impl Default for Slots {
    fn default() -> Slots {
        Slots::new()
    }
}

for_the_model! {
    impl Slot {
        /// As if its thread were inside of this generation so often.
        pub fn set_depth(&self, number: u32, depth: usize) {
            self.inside.store(number, Ordering::Relaxed);
            self.depth.store(depth, Ordering::Relaxed);
        }
    }
}

/// Whether anybody lives to see a thread's depth wrap: by a guard that is forgotten every nanosecond, 32 bits
/// do in four seconds, 64 bits in 584 years.
const CAN_WRAP: bool = usize::BITS < 64 || IS_MODEL;

/// A depth that wraps would announce that nobody is inside. As `Rc` does, this ends the process.
#[cold]
extern "C" fn too_deep() -> ! {
    // Out of an `extern "C"` function no panic gets: Rust aborts.
    panic!("rt0: one thread leaked too many guards");
}

/// What a shutdown of this generation does between closing the gate and its first count. False when there
/// is no fence but the calls' own.
pub fn fence_calls(slots: &Slots, number: u32) -> bool {
    // The shutdown's side where the calls fence for themselves; pairs with the one in `enter`, and with
    // those in `take`, `add` and `end_wait`.
    fences::full();
    !slots.all().any(|slot| slot.may_enter(number)) || fences::everywhere()
}
