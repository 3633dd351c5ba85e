//! Tracks which threads are inside a call that uses the generation, so that a shutdown can wait for them.
//!
//! The protocol and its proof are in the core: `rt0-core/src/protocol/`. This module adds what the protocol
//! needs from the process: a slot for each thread, and the waiting.

mod mine;
pub(crate) mod still_inside;
pub(crate) mod travelling;

use std::cell::Cell;
use std::time::Duration;

use rt0_core::generation::page;
use rt0_core::platform::kernel;
use rt0_core::protocol::in_flight::{Announced, Mine, Slot, Slots, fence_calls};
use rt0_core::sabotage;
use rt0_core::sync::{Deadline, clock};

use self::still_inside::StillInside;

static SLOTS: Slots = Slots::new();

thread_local! {
    /// Gives the slot back when the thread ends.
    static GIVE_BACK: GiveBack = const { GiveBack };
    /// The generation in which this thread called `exit`; 0 if it has not.
    static EXITS: Cell<u32> = const { Cell::new(0) };
}

struct GiveBack;

impl Drop for GiveBack {
    fn drop(&mut self) {
        mine::with(|mine| {
            if let Some(slot) = mine.slot() {
                slot.set_ending();
                mine.late();
            }
        });
    }
}

/// Tells the calls of the generation that is booting where they find their thread's slot.
pub(crate) fn on_boot() {
    page().current.set_fixed(mine::fixed());
}

/// Marks this thread as the boot thread. The shutdown joins it, so it does not wait for calls that main is
/// inside. Announcements that the boot thread never took back are counted by [`never_leave`] once it is
/// joined.
pub(crate) fn on_boot_thread() {
    prepare_thread();
    mine::with(|mine| mine.set_joined(page().number()));
}

/// Marks this thread as the one that ends the process. If it is inside a call, it never returns to it.
pub(crate) fn ends_process_here() {
    EXITS.set(page().number());
}

/// Whether the present generation is ending because this thread called `exit`.
pub(crate) fn is_ending_process_here() -> bool {
    // Check the number first. It is 0 before any boot, and in a child that may have no memory for a
    // thread-local.
    let number = page().number();
    number != 0 && EXITS.get() == number
}

/// The announcement of an exported call. Dropping it takes the announcement back. Several can be dropped in
/// any order, but each on its own thread. If [`prepare_thread`] was called for it, [`late`] must be called
/// when it has been dropped.
pub(crate) struct InCall {
    announced: Announced,
    /// Where the state of the generation is that was entered. (This also keeps the announcement on its
    /// thread.)
    pub state: *const (),
}

impl InCall {
    /// Announces this thread, if `usable` accepts the generation's state. It also returns `None` if the
    /// thread is not prepared, or if at this moment one generation ends and the next begins.
    #[inline(always)]
    pub fn enter(usable: impl Fn() -> bool) -> Option<InCall> {
        let (announced, state) = mine::enter(usable)?;
        Some(InCall { announced, state })
    }

    /// Whether the generation that was entered is the present one. In a fork's child it is not.
    #[inline(always)]
    pub fn is_of_the_present(&self) -> bool {
        self.announced.is_of_the_present(&page().current)
    }
}

impl Drop for InCall {
    #[inline(always)]
    fn drop(&mut self) {
        self.announced.leave();
    }
}

/// The announcement that this thread is inside a call or holds a guard: an [`InCall`] that needs nothing
/// before and after it.
pub(crate) struct Inside {
    call: InCall,
    #[expect(dead_code, reason = "dropped after the call")]
    late: Late,
}

/// Calls [`late`] if the slot's thread is ending.
struct Late(&'static Slot);

impl Drop for Late {
    #[inline(always)]
    fn drop(&mut self) {
        if self.0.is_ending() {
            late();
        }
    }
}

impl Inside {
    /// Announces this thread, if `usable` accepts the generation's state. (Not generic: nothing that asks for
    /// this is in a hurry, and there are many.)
    #[inline(never)]
    pub fn enter(usable: fn() -> bool) -> Option<Inside> {
        // Look at the generation first: where there is none, there may be no memory for the slot either.
        while usable() {
            prepare_thread();
            if let Some(call) = InCall::enter(usable) {
                let late = Late(call.announced.slot());
                return Some(Inside { call, late });
            }
        }
        None
    }

    /// Where the state of the generation is that was entered.
    #[inline(always)]
    pub fn state(&self) -> *const () {
        self.call.state
    }

    /// One more announcement of this thread.
    pub fn again(&self) -> InCall {
        InCall {
            announced: self.call.announced.again(),
            state: self.call.state,
        }
    }

    /// See [`InCall::is_of_the_present`].
    #[inline(always)]
    pub fn is_of_the_present(&self) -> bool {
        self.call.is_of_the_present()
    }

    /// Whether this thread is already inside a call.
    pub fn already() -> bool {
        // Check the number first. It is 0 in a child that may have no memory for a thread-local.
        page().number() != 0 && mine::with(|mine| mine.is_inside(&page().current, left_behind))
    }
}

/// Prepares this thread for calls of the present generation: it then has a slot with its id.
#[cold]
pub(crate) fn prepare_thread() {
    mine::with(|mine| mine.prepare(&page().current, mine::hints(), kernel::thread_id, take_slot));
}

/// Called when this thread has left a call for which it was prepared: if it is ending, it gives its slot
/// back.
#[cold]
pub(crate) fn late() {
    mine::with(Mine::late);
}

/// Held while this thread waits for the end of the present generation. It enters no call meanwhile, so the
/// shutdown does not need this thread to run a fence.
pub(crate) struct Waiting(Option<(&'static Slot, usize)>);

impl Waiting {
    pub fn begin() -> Waiting {
        let slot = mine::with(Mine::slot);
        Waiting(slot.map(|slot| (slot, slot.begin_wait(page().number()))))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some((slot, key)) = self.0 {
            slot.end_wait(key);
        }
    }
}

/// Waits until at most `but` threads are inside the present generation, and no guard that belongs to no
/// thread is held. The gate must be closed.
///
/// # Errors
/// What is still inside at the deadline, or when `no_use` says that waiting is useless.
#[inline(never)]
pub(crate) fn wait_for_calls(
    deadline: Deadline,
    but: usize,
    no_use: &dyn Fn() -> bool,
) -> Result<(), StillInside> {
    if sabotage::NO_IN_FLIGHT {
        return Ok(());
    }
    let begun = kernel::monotonic();
    let _waiting = Waiting::begin();
    if !fence_calls(&SLOTS, page().number()) {
        // Either the calls run their own fences, or the system has refused the fence since boot. In both
        // cases a sleep is enough: a store is visible to the other processors long before the sleep ends.
        clock::sleep(Duration::from_millis(10));
    }
    let mut pause = Duration::from_micros(20);
    loop {
        // The threads first: one of them may make a guard, and leave.
        let inside = SLOTS.count(&page().current);
        if inside <= but && travelling::held() == 0 {
            return Ok(());
        }
        if no_use() || clock::left(deadline) == Some(Duration::ZERO) {
            let threads = SLOTS.threads(&page().current);
            let guards = match travelling::held() {
                0 => None,
                _ => travelling::text(),
            };
            let waited = Duration::from_nanos(kernel::monotonic() - begun);
            return Err(StillInside::new(inside, threads, guards, waited));
        }
        clock::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(5));
    }
}

/// How many threads stay inside the present generation forever, and how many guards that belong to no thread.
/// Ask when the calls have left and the boot thread is joined. What is still announced then was leaked on the
/// boot thread or given away by it, or belongs to the thread that ends the process inside a call, which it
/// never returns to: at most `but` threads. Whatever these were lent must stay.
pub(crate) fn never_leave(but: usize) -> usize {
    if sabotage::NO_IN_FLIGHT || sabotage::NO_SECOND_COUNT {
        return 0;
    }
    SLOTS.left(&page().current, but) + travelling::close()
}

/// The slot of a thread that has ended without its destructors and had this thread's pointer. This one may have
/// entered by it, without a look at its thread-local.
fn left_behind() -> Option<&'static Slot> {
    let (_, pointer) = mine::hints()?;
    SLOTS.left_behind(&page().current, pointer)
}

/// Takes a slot for this thread: one that an ended thread left behind or gave back, or a new one.
#[cold]
fn take_slot() -> &'static Slot {
    let slot = left_behind().or_else(|| SLOTS.take()).unwrap_or_else(|| {
        let slot = Box::leak(Box::new(Slot::new()));
        SLOTS.add(slot);
        slot
    });
    if GIVE_BACK.try_with(|_| ()).is_err() {
        // The thread is so close to its end that `GIVE_BACK` is gone. The call itself gives the slot back.
        slot.set_ending();
    }
    slot
}
