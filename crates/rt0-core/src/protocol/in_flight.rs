//! Which threads are inside a call that uses the generation: the protocol between a call and a shutdown.
//!
//! Every thread has a slot, and counts in it the calls that it is inside of. Either the call sees that the gate
//! is closed and stays out, or the shutdown sees the count and waits. This is Dekker's protocol with the fence
//! on the shutdown's side only. `README.md` beside this file has all of it, also what may be left out and when,
//! and what the model checker does not see.

use core::cell::Cell;
use core::mem::offset_of;
use core::ptr::null_mut;
use core::sync::atomic::{Ordering, compiler_fence};

use super::hints::Hints;
use crate::sabotage;
use crate::sync::{
    AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, IS_MODEL, constructor, fences, for_the_model,
    load_own,
};

/// What a call looks at besides the gate. All-zero bytes mean that no generation has begun.
#[repr(C)]
pub struct Current {
    /// What [`Mine`] holds of a thread that is prepared for the generation that was begun last; 0: none was.
    /// Otherwise it is odd.
    pub(crate) pass: AtomicUsize,
    /// How far from its thread pointer every thread has its [`Mine`]. 0: that differs from thread to thread,
    /// or it is not known, or each call makes its own fence.
    pub(crate) fixed: AtomicUsize,
    /// The number of the generation that was begun last; 0: none was.
    number: AtomicU32,
    /// The number of the first generation of this process. Those below it are of a fork's parent.
    first: AtomicU32,
    /// 1 when each call makes its own fence.
    calls_fence: AtomicU32,
}

/// How many bits a thread pointer has beside which there is room for a generation: see [`key_of`]. (Processors with
/// longer addresses give them only to a program that asks for one.)
const POINTER_BITS: u32 = 47;

/// How many bits a generation's number has beside it. One that is left over stays zero: a number with what a longer
/// pointer adds to it then does not wrap to an earlier generation's.
const NUMBER_BITS: u32 = 64 - POINTER_BITS - 1;

/// Whether a word has room for both at all.
const HAS_KEYS: bool = usize::BITS == 64;

/// The odd number that stands for a generation in [`Current`] and in [`Mine`].
const fn pass_of(number: u32) -> usize {
    if !HAS_KEYS {
        (number as usize) << 1 | 1
    } else if number >> NUMBER_BITS == 0 {
        // (In 64 bits, also where a word has fewer.)
        ((number as u64) << POINTER_BITS | 1) as usize
    } else {
        // Its lowest bits are not 001, so that with a thread pointer added it is not the key of an earlier one.
        (number as usize) << 3 | 3
    }
}

/// What stands in the slot of a thread that may enter without its [`Mine`]: its thread pointer and the pass, added.
/// No other thread has the same, and no other generation of this process or its ancestors. `None`: they don't
/// fit.
///
/// A call compares it with its own sum, whatever its pointer and pass are. Thread pointers are multiples of 8, and
/// have no more than [`POINTER_BITS`]. So a pass of the first kind can be told from the pointer; one of the second
/// kind makes other lowest bits; and where no generation has begun, the sum is even.
fn key_of(pointer: usize, number: u32) -> Option<usize> {
    let fits = number >> NUMBER_BITS == 0 && pointer as u64 >> POINTER_BITS == 0;
    let fits = HAS_KEYS && fits && pointer % 8 == 0;
    fits.then(|| pointer + in_key(pass_of(number)))
}

/// What of a pass is in a key: all of it.
#[inline(always)]
pub const fn in_key(pass: usize) -> usize {
    if sabotage::NO_PASS_IN_KEY { 1 } else { pass }
}

/// The last generation of a process and its ancestors: on 32 bits the next would have the pass of another.
const LAST: u32 = u32::MAX >> 1;

impl Current {
    /// Called by each boot, before the gate opens. A process that has once been refused the shutdown's fence
    /// on every thread never gets it back, and from then on no call may still rely on it.
    pub fn begin(&self, number: u32, calls_fence: bool) {
        if number > LAST {
            too_many_generations();
        }
        // Relaxed, three times: the pass's Release publishes them.
        self.calls_fence
            .store(calls_fence.into(), Ordering::Relaxed);
        self.fixed.store(0, Ordering::Relaxed);
        if self.first.load(Ordering::Relaxed) == 0 {
            self.first.store(number, Ordering::Relaxed);
        }
        // Release pairs with the Acquire in `number` and in `pass`: a call that has this pass knows who makes
        // the fence. The gate's own Release would come too late, because a call can see the pass before the
        // gate is open.
        self.number.store(number, Ordering::Release);
        self.pass.store(pass_of(number), Ordering::Release);
    }

    /// Stores how far from its thread pointer every thread has its [`Mine`]; 0: not known. Calls that find it
    /// make no fence, so it is stored only where the shutdown makes them.
    pub fn set_fixed(&self, distance: usize) {
        if !self.calls_fence() {
            // Relaxed: it is the same in all generations of a process, and a call that does not see it yet
            // takes the other way.
            self.fixed.store(distance, Ordering::Relaxed);
        }
    }

    /// The number of the generation that was begun last in this process; 0: none was.
    #[inline(always)]
    pub fn number(&self) -> u32 {
        // Acquire pairs with the Release in `begin`.
        self.number.load(Ordering::Acquire)
    }

    /// What [`Mine`] holds of a thread that is prepared for the present generation; 0: there is none.
    #[inline(always)]
    pub fn pass(&self) -> usize {
        // Acquire pairs with the Release in `begin`.
        self.pass.load(Ordering::Acquire)
    }

    #[inline(always)]
    fn calls_fence(&self) -> bool {
        // Relaxed: the Acquire of the pass orders it.
        self.calls_fence.load(Ordering::Relaxed) != 0
    }

    /// Whether this is the number of a generation of this process.
    fn is_here(&self, number: u32) -> bool {
        // Relaxed: the caller has seen a generation begin or a gate open, with Acquire, or is the only thread.
        let first = self.first.load(Ordering::Relaxed);
        first != 0 && number >= first
    }
}

for_the_model! {
    impl Default for Current {
        /// Before any generation. What ships has it as zeros on the page.
        fn default() -> Current {
            Current {
                pass: AtomicUsize::new(0),
                fixed: AtomicUsize::new(0),
                number: AtomicU32::new(0),
                first: AtomicU32::new(0),
                calls_fence: AtomicU32::new(0),
            }
        }
    }
}

/// What a thread keeps for itself, as a thread-local. All-zero bytes are those of a thread that has not called.
#[repr(C)]
pub struct Mine {
    /// The [`Current::pass`] of the generation for which the thread is prepared; one less for a thread that
    /// the generation's shutdown joins; 0: none, or the thread is ending.
    pass: Cell<usize>,
    /// The thread's slot. Never `None` while `pass` is not 0.
    slot: Cell<Option<&'static Slot>>,
}

impl Mine {
    /// Where assembly finds the pass and the slot, which is not null while the pass is not 0.
    pub const PASS_AT: usize = offset_of!(Mine, pass);
    /// See there.
    pub const SLOT_AT: usize = offset_of!(Mine, slot);

    /// That of a new thread.
    #[expect(
        clippy::new_without_default,
        reason = "it is for a thread-local, which is const"
    )]
    pub const fn new() -> Mine {
        Mine {
            pass: Cell::new(0),
            slot: Cell::new(None),
        }
    }

    /// The thread's slot, if it has one.
    pub fn slot(&self) -> Option<&'static Slot> {
        self.slot.get()
    }

    /// Announces that the thread is inside, if it is prepared for the present generation and `usable` accepts
    /// its state. `find` then looks up what belongs to that generation. Also `None` if a generation ends at
    /// this very moment and the next begins.
    ///
    /// [`Slot::enter`] is the same with fewer looks, for where the shutdown makes the fence.
    #[inline(always)]
    pub fn enter<R>(
        &self,
        current: &Current,
        usable: impl Fn() -> bool,
        find: impl FnOnce() -> R,
    ) -> Option<(Announced, R)> {
        let pass = current.pass();
        if self.pass.get() | 1 != pass {
            return None;
        }
        let announced = self.slot.get()?.announce();
        if current.calls_fence() {
            fences::full();
        }
        if usable() {
            let found = find();
            // The second look at the pass is for a thread that the shutdown joins: see `Slots::waited_for`.
            if current.pass() == pass {
                return Some((announced, found));
            }
        }
        announced.take_back();
        None
    }

    /// Prepares the thread for the present generation. `hints` is where its calls look for its slot, with its
    /// thread pointer, which no other thread has; `thread` returns its id, and `take` a slot that nobody has. A
    /// generation must have begun.
    pub fn prepare(
        &self,
        current: &Current,
        hints: Option<(&'static Hints<Slot>, usize)>,
        thread: impl FnOnce() -> u32,
        take: impl FnOnce() -> &'static Slot,
    ) {
        let number = current.number();
        let slot = match self.slot.get() {
            Some(slot) if !slot.is_stuck(current, number) => slot,
            // The calls in it are of a fork's parent, or of a generation that was left while this thread was
            // inside: they must count no more. They end in the old slot, which nobody else gets.
            _ => take(),
        };
        if !slot.is_known(number) {
            slot.know(number, thread());
        }
        self.slot.set(Some(slot));
        // A signal handler of this thread that calls, too, never sees a pass without a slot.
        compiler_fence(Ordering::SeqCst);
        self.set_pass(slot, number);
        if let Some((hints, pointer)) = hints {
            if slot.may_have_key(current, number) {
                if let Some(key) = key_of(pointer, number) {
                    // Relaxed, here and below: only the thread itself finds it equal to its own.
                    slot.key.store(key, Ordering::Relaxed);
                    hints.write(pointer, slot);
                }
            }
        }
    }

    /// Notes that the shutdown of the present generation joins the thread, so that the thread's calls hold up
    /// nobody. The thread must be prepared.
    pub fn set_joined(&self, number: u32) {
        if let Some(slot) = self.slot.get() {
            // Relaxed: the thread stores this before it enters any call.
            slot.joined.store(number, Ordering::Relaxed);
            slot.key.store(0, Ordering::Relaxed);
            self.set_pass(slot, number);
        }
    }

    fn set_pass(&self, slot: &Slot, number: u32) {
        let joined = usize::from(slot.is_joined(number));
        self.pass.set(pass_of(number) - joined);
    }

    /// Called when a thread that may be ending has left a call. If this was its last call, another thread
    /// gets the slot. If not, its next call comes to [`Mine::prepare`] again, and so to this function.
    pub fn late(&self) {
        if !self.slot.get().is_some_and(Slot::is_ending) {
            return;
        }
        self.pass.set(0);
        // From here on a signal handler of this thread that calls comes to this function itself. If it was here
        // already, the slot is gone.
        compiler_fence(Ordering::SeqCst);
        if let Some(slot) = self.slot.get() {
            if slot.depth.load(Ordering::Relaxed) == 0 {
                self.slot.set(None);
                compiler_fence(Ordering::SeqCst);
                slot.give_back();
            }
        }
    }

    /// Whether the thread is inside a call of the present generation. `left_behind` looks for a slot that it may have
    /// entered by its pointer alone: see [`Slots::left_behind`].
    pub fn is_inside(
        &self,
        current: &Current,
        left_behind: impl FnOnce() -> Option<&'static Slot>,
    ) -> bool {
        self.slot
            .get()
            .or_else(left_behind)
            .is_some_and(|slot| slot.depth.load(Ordering::Relaxed) != 0 && slot.is_of(current))
    }
}

/// Where this is called, the compiler expects the program to come rarely. (`core::hint` has it from Rust 1.95 on.)
#[cold]
fn cold_path() {}

/// The announcement that a thread is inside a call. It ends with [`leave`](Announced::leave), on the same
/// thread. Several can end in any order: a host that switches stacks in a callback ends its calls as it likes.
#[must_use = "the call stays announced until `leave`"]
pub struct Announced {
    slot: &'static Slot,
}

impl Announced {
    /// Ends the call.
    #[inline(always)]
    pub fn leave(&self) {
        let depth = &self.slot.depth;
        // Both come to one less. But the 0 depends on nothing that was stored before, so no call waits for the
        // stores of the one before it.
        // SAFETY: only this thread writes its slot.
        if unsafe { load_own(depth) } == 1 || sabotage::NO_CALL_COUNT {
            // Release pairs with the Acquire in `inside`: the call is done with the state.
            depth.store(0, Ordering::Release);
        } else {
            cold_path();
            self.take_back();
            // Without this the compiler makes one store of the two, of a register that each call must first fill.
            compiler_fence(Ordering::Release);
        }
    }

    /// One more announcement of the same thread. It needs no look at the gate: the thread is inside.
    pub fn again(&self) -> Announced {
        self.slot.announce()
    }

    /// The slot of its thread.
    #[inline(always)]
    pub fn slot(&self) -> &'static Slot {
        self.slot
    }

    /// Ends one of several calls, or what did not become a call.
    #[inline(always)]
    fn take_back(&self) {
        let depth = self.slot.depth.load(Ordering::Relaxed);
        // Release pairs with the Acquire in `inside`: the call is done with the state, or this is the value that is
        // seen in place of the one that the thread's previous call stored when it left.
        self.slot.depth.store(depth - 1, Ordering::Release);
    }

    /// Whether the generation that was entered is of this process, and is not one that was left. In a fork's
    /// child the parent's is not.
    #[inline(always)]
    pub fn is_of_the_present(&self, current: &Current) -> bool {
        self.slot.is_of(current)
    }
}

/// One thread's slot. Slots are never freed. A thread that ends leaves its slot to another thread.
#[repr(C, align(128))]
pub struct Slot {
    /// How many of its thread's calls are inside.
    depth: AtomicUsize,
    /// What a call that comes by way of its thread pointer must find here: see [`key_of`]. 0: the thread's calls go
    /// another way. If the thread ends without its destructors, the key stays, and a new thread can find it that has
    /// the same pointer. Then that one has this slot.
    key: AtomicUsize,
    /// The generation in which its thread was prepared last: see [`Mine::prepare`]. While a call is inside,
    /// it is that of the call, or an earlier or later one of the same process.
    known: AtomicU32,
    /// The generation whose shutdown joins the thread anyway, before it touches anything; 0: none. It is a
    /// number because a fork's child has a copy of the thread, and a boot thread of its own.
    joined: AtomicU32,
    /// The generation for whose end the thread waits, and does nothing else; 0: none.
    waits: AtomicU32,
    /// The id of its thread.
    thread: AtomicU32,
    /// Whether the thread is ending, and leaves the slot with its last call. Only the thread itself looks.
    ending: AtomicBool,
    /// Whether a thread has the slot.
    taken: AtomicBool,
    /// The slot made before this one.
    next: AtomicPtr<Slot>,
}

impl Slot {
    /// A slot that already belongs to the thread that makes it.
    #[expect(
        clippy::new_without_default,
        reason = "it is not a slot like any other"
    )]
    pub fn new() -> Slot {
        Slot {
            depth: AtomicUsize::new(0),
            key: AtomicUsize::new(0),
            known: AtomicU32::new(0),
            joined: AtomicU32::new(0),
            waits: AtomicU32::new(0),
            thread: AtomicU32::new(0),
            ending: AtomicBool::new(false),
            taken: AtomicBool::new(true),
            next: AtomicPtr::new(null_mut()),
        }
    }

    /// Where assembly finds the key. It may look there in [`Hints::NOTHING`].
    pub const KEY_AT: usize = {
        let at = offset_of!(Slot, key);
        assert!(at + size_of::<usize>() <= Hints::<Slot>::NOTHING);
        at
    };

    /// Whether the thread with this pointer has stored the key that is in it, in whatever generation.
    fn is_at(&self, pointer: usize) -> bool {
        // Relaxed: that thread asks.
        let key = self.key.load(Ordering::Relaxed) as u64;
        key & ((1 << POINTER_BITS) - 1) == pointer as u64 | 1
    }

    /// Whether calls of its thread may enter by the key in this generation. Not where each makes its own fence; nor
    /// if the shutdown joins the thread, which then looks at the pass twice; nor if it is ending, and each call is
    /// followed by [`Mine::late`].
    fn may_have_key(&self, current: &Current, number: u32) -> bool {
        !current.calls_fence() && !self.is_joined(number) && !self.is_ending()
    }

    /// Announces that its thread is inside, if `usable` accepts the state of the generation. Only where the
    /// shutdown makes the fence, and if the thread's [`Mine`] holds the present pass, or the slot its key. A thread
    /// that the shutdown joins does not enter here. The next generation may have begun since the look at the pass: the
    /// call is counted all the same, and has entered that one.
    #[inline(always)]
    pub fn enter(&'static self, usable: impl Fn() -> bool) -> Option<Announced> {
        let announced = self.announce();
        if usable() {
            return Some(announced);
        }
        announced.take_back();
        None
    }

    /// Counts one more call. The caller then looks at the gate.
    #[inline(always)]
    fn announce(&'static self) -> Announced {
        // Relaxed, here and below: only this thread writes its slot.
        let depth = self.depth.load(Ordering::Relaxed);
        if CAN_WRAP && depth == usize::MAX {
            too_deep();
        }
        // The shutdown's fence, or ours, orders this store before the look at the state.
        self.depth.store(depth + 1, Ordering::Relaxed);
        fences::light();
        Announced { slot: self }
    }

    /// Whether the calls in it belong to the present generation.
    fn is_of(&self, current: &Current) -> bool {
        // Relaxed: only its own thread asks.
        let known = self.known.load(Ordering::Relaxed);
        current.is_here(known) && self.counts(known, current.number())
    }

    /// Whether it holds calls that must not count in this generation, which is the present one.
    fn is_stuck(&self, current: &Current, number: u32) -> bool {
        let known = self.known.load(Ordering::Relaxed);
        let counts = current.is_here(known) && self.counts(known, number);
        self.depth.load(Ordering::Relaxed) != 0 && !counts && !sabotage::NO_SLOT_LEFT
    }

    /// Whether a call in it that is known in this generation counts while `number` is the present one: an
    /// earlier shutdown has not joined its thread.
    fn counts(&self, known: u32, number: u32) -> bool {
        known == number || !self.is_joined(known)
    }

    fn is_joined(&self, number: u32) -> bool {
        // Relaxed: the thread stored this before it entered any call.
        let joined = self.joined.load(Ordering::Relaxed);
        joined == number || (sabotage::NO_JOINED_NUMBER && joined != 0)
    }

    /// Whether its thread is prepared for this generation. In a fork's child the thread has another id, and
    /// the child begins the next generation.
    fn is_known(&self, number: u32) -> bool {
        // Relaxed: only its own thread asks.
        self.known.load(Ordering::Relaxed) == number
    }

    fn know(&self, number: u32, thread: u32) {
        // Relaxed: the id is read only to show it to people. The number comes before the store in `announce`,
        // and whatever orders that store orders the number as well.
        self.thread.store(thread, Ordering::Relaxed);
        self.known.store(number, Ordering::Relaxed);
    }

    /// Notes that its thread waits for the end of this generation, and enters no call of it meanwhile. Returns the
    /// key, for [`end_wait`](Slot::end_wait).
    #[must_use = "without it the thread's calls go the longer way"]
    pub fn begin_wait(&self, number: u32) -> usize {
        // Relaxed: only the thread itself looks. If it ends in the wait, without its destructors, the next with its
        // pointer must not enter by a slot that seems to wait.
        let key = self.key.load(Ordering::Relaxed);
        self.key.store(0, Ordering::Relaxed);
        // Release pairs with the Acquire in `may_enter`: the thread's calls are done.
        self.waits.store(number, Ordering::Release);
        key
    }

    /// Its thread no longer waits.
    pub fn end_wait(&self, key: usize) {
        self.waits.store(0, Ordering::Relaxed);
        // Pairs with the full fence in `fence_calls`: if that function saw the thread wait, the thread's next
        // call sees the gate closed.
        fences::full();
        self.key.store(key, Ordering::Relaxed);
    }

    /// Whether its thread may be about to enter this generation. A thread that a shutdown joins does not
    /// count.
    fn may_enter(&self, number: u32) -> bool {
        // Acquire pairs with the Release of `give_back` and of `begin_wait`.
        self.taken.load(Ordering::Acquire)
            && !self.is_joined(number)
            && self.waits.load(Ordering::Acquire) != number
    }

    /// Notes that its thread is ending: [`Mine::late`] follows.
    pub fn set_ending(&self) {
        // Relaxed: only the thread itself looks for it, and must not find the slot when another thread has it.
        self.key.store(0, Ordering::Relaxed);
        self.ending.store(true, Ordering::Relaxed);
    }

    /// Whether its thread is ending.
    #[inline(always)]
    pub fn is_ending(&self) -> bool {
        // Relaxed: only the thread itself looks.
        self.ending.load(Ordering::Relaxed)
    }

    /// Leaves the slot to another thread. The calling thread must not use it any more.
    fn give_back(&self) {
        self.ending.store(false, Ordering::Relaxed);
        self.joined.store(0, Ordering::Relaxed);
        // Release pairs with the Acquire in `take`: the thread is done with the slot.
        self.taken.store(false, Ordering::Release);
    }
}

/// All slots.
pub struct Slots {
    /// The slot made last.
    last: AtomicPtr<Slot>,
}

impl Slots {
    constructor! {
        /// No slots yet.
        pub fn new() -> Slots {
            Slots {
                last: AtomicPtr::new(null_mut()),
            }
        }
    }

    /// Takes a slot that an ended thread has left.
    pub fn take(&self) -> Option<&'static Slot> {
        let slot = self.all().find(|slot| {
            // Acquire pairs with the Release of the thread that left it.
            slot.taken
                .compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed)
                .is_ok()
        });
        // Pairs with the full fence in `fence_calls`: if that function saw the slot free, the thread's first
        // call sees the gate closed.
        fences::full();
        slot
    }

    /// The slot of a thread with this pointer that has ended without its destructors. The thread that has the pointer
    /// now asks, if it knows of no slot: it may be inside by this one already, and takes no second one.
    pub fn left_behind(&self, current: &Current, pointer: usize) -> Option<&'static Slot> {
        let number = current.number();
        // In a fork's child the calls in it may be of the parent.
        self.all()
            .find(|slot| slot.is_at(pointer) && !slot.is_stuck(current, number))
    }

    /// Adds a new slot.
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
        // As in `take`, for the case that `fence_calls` did not see the slot at all.
        fences::full();
    }

    /// How many threads hold up the end of the present generation because they are inside. The gate must be
    /// closed and [`fence_calls`] done; from then on the number does not grow.
    pub fn count(&self, current: &Current) -> usize {
        self.waited_for(current).count()
    }

    /// The ids of these threads. 0: not known.
    pub fn threads(&self, current: &Current) -> impl Iterator<Item = u32> {
        self.waited_for(current)
            .map(|slot| slot.thread.load(Ordering::Relaxed))
    }

    /// How many threads are inside for ever. Only for when at most `but` others are waited for any more and the threads
    /// that the shutdown joins have been joined: the join makes what they stored visible to this thread. A call that is
    /// refused is announced for a moment, and does not count: it is more than the `but`.
    pub fn left(&self, current: &Current, but: usize) -> usize {
        let number = current.number();
        let joined = self
            .inside(current)
            .filter(|(slot, known)| *known == number && slot.is_joined(number))
            .count();
        joined + self.count(current).min(but)
    }

    /// A thread that a shutdown joins, this one or an earlier one, does not count: it looks at the pass twice,
    /// so it never enters a later generation with the pass of the one whose shutdown joins it.
    fn waited_for(&self, current: &Current) -> impl Iterator<Item = &'static Slot> {
        self.inside(current)
            .filter(|(slot, known)| !slot.is_joined(*known))
            .map(|(slot, _)| slot)
    }

    /// The slots in which calls of this process are announced, and the generation of each slot. That may be
    /// an earlier one than the call's: a call that has read one pass can see the next generation's gate open.
    fn inside(&self, current: &Current) -> impl Iterator<Item = (&'static Slot, u32)> {
        self.all().filter_map(|slot| {
            // Acquire pairs with the Release of `leave` and of `take_back`.
            if slot.depth.load(Ordering::Acquire) == 0 {
                return None;
            }
            // Relaxed: it was stored before the depth, and the fence that shows us the depth of a call that
            // goes on shows us this as well.
            let known = slot.known.load(Ordering::Relaxed);
            let counts = current.is_here(known) || sabotage::NO_FIRST_NUMBER;
            counts.then_some((slot, known))
        })
    }

    fn all(&self) -> impl Iterator<Item = &'static Slot> {
        let reference = |slot: &AtomicPtr<Slot>| {
            // Acquire pairs with the Release in `add`.
            let slot = slot.load(Ordering::Acquire);
            // SAFETY: null, or what `add` was given: a slot that lives for ever.
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
    impl Mine {
        /// The thread's slot, if it is prepared for the generation with this pass: in what ships, assembly
        /// looks.
        pub fn slot_for(&self, pass: usize) -> Option<&'static Slot> {
            self.slot.get().filter(|_| self.pass.get() == pass)
        }
    }

    impl Slot {
        /// The slot of the thread with this pointer, if the hint still leads there and the thread may enter with
        /// this pass: in what ships, assembly looks.
        pub fn of(hints: &'static Hints<Slot>, pointer: usize, pass: usize) -> Option<&'static Slot> {
            let key = pointer.wrapping_add(in_key(pass));
            // Relaxed: see `Mine::prepare`.
            let is_own = |slot: &&Slot| slot.key.load(Ordering::Relaxed) == key;
            hints.at(pointer).filter(is_own)
        }

        /// As if its thread were inside `depth` times.
        pub fn set_depth(&self, depth: usize) {
            self.depth.store(depth, Ordering::Relaxed);
        }
    }
}

/// Whether a thread's depth can wrap in practice. A guard leaked every nanosecond takes four seconds for 32
/// bits, and 584 years for 64.
const CAN_WRAP: bool = usize::BITS < 64 || IS_MODEL;

/// A depth that wraps would announce that nobody is inside. So this ends the process, as `Rc` does.
#[cold]
extern "C" fn too_deep() -> ! {
    // A panic can't leave an `extern "C"` function: Rust aborts.
    panic!("rt0: one thread leaked too many guards");
}

/// Numbers that wrap would make a shutdown count the wrong calls. It takes 24 days of a boot each millisecond.
#[cold]
extern "C" fn too_many_generations() -> ! {
    // As above.
    panic!("rt0: this process has booted the library too often");
}

/// What a shutdown of this generation does between closing the gate and its first count. False: there is no
/// fence but those that the calls make themselves.
pub fn fence_calls(slots: &Slots, number: u32) -> bool {
    // The shutdown's fence where calls make their own. Pairs with the full fences in `Mine::enter`, `take`,
    // `add` and `end_wait`.
    fences::full();
    !slots.all().any(|slot| slot.may_enter(number)) || fences::everywhere()
}

#[cfg(all(test, not(loom)))]
mod with_threads;

#[cfg(all(test, target_pointer_width = "64"))]
mod tests {
    use super::*;

    /// A word has room for a pointer and a number as long as both are small. Whatever is looked for, it is found
    /// only by the same thread in the same generation.
    #[test]
    fn keys_tell_threads_and_generations_apart() {
        const KEYED: u32 = 1 << NUMBER_BITS;
        let pointers: &[usize] = &[8, 16, 0x7f8, 0x1000, 1 << 20, 1 << 46, (1 << 47) - 8];
        let numbers = &[
            1,
            2,
            3,
            9,
            KEYED / 2,
            KEYED - 1,
            KEYED,
            KEYED + 1,
            9 * KEYED,
            LAST,
        ];
        for &number in numbers {
            assert_eq!(pass_of(number) % 2, 1);
            for &pointer in pointers {
                let key = key_of(pointer, number);
                assert_eq!(key.is_some(), number < KEYED);
                for &other in pointers {
                    // Where no generation has begun.
                    assert_ne!(Some(other), key);
                    for &now in numbers {
                        let same = (pointer, number) == (other, now) && key.is_some();
                        let looked_for = other.wrapping_add(pass_of(now));
                        assert_eq!(
                            Some(looked_for) == key,
                            same,
                            "{pointer:#x} {number} {other:#x} {now}"
                        );
                    }
                }
            }
        }
        for pointer in [12, 1 << 47, usize::MAX - 7] {
            assert_eq!(key_of(pointer, 1), None);
        }
        // A longer pointer, of up to 56 bits, finds no key of an earlier generation, and none of its own.
        for above in [1, 2, 0xff, 0x1ff] {
            for now in [1, 2, KEYED - 0x1ff, KEYED - 1, KEYED, LAST] {
                let looked_for =
                    ((above << POINTER_BITS) + 0x1000_usize).wrapping_add(pass_of(now));
                for earlier in (1..=0x200)
                    .chain([now - 1, now])
                    .filter(|number| *number <= now)
                {
                    assert_ne!(key_of(0x1000, earlier), Some(looked_for), "{now} {earlier}");
                }
            }
        }
    }
}
