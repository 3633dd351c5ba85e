//! The generation page: the memory in which one boot of the library lives.
//!
//! ```text
//!        BLOCK, behind .bss: twice the largest page of the processor, less the block's alignment
//!  ┌─────────────────────────┬───────────────────────────────────┐
//!  │ before                  │Page│ places │ after               │
//!  └─────────────────────────┴───────────────────────────────────┘
//!              ┌──────────────────────────────┐
//!              │ the whole page around it     │   wiped by the kernel in a fork's child
//!              └──────────────────────────────┘
//! ```
//!
//! We can't know where the linker puts the block, but the aligned piece in its middle always lies in a page that the
//! block covers from end to end. [`Page`] begins there, and after it the places for the steps of an end: so an end
//! touches no memory that the boot has not touched. The static itself is not aligned to pages, because loaders differ
//! in which alignments they honour.
//!
//! In a fork's child the page is all zeros, which means "cold": the first call there boots the next
//! generation, and nobody looks at what the parent's threads held. What must outlive a generation is beside
//! the page: its number, and how many forks ago the library was loaded.

use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::mem::size_of;
use core::sync::atomic::{AtomicPtr, AtomicU32, AtomicUsize, Ordering, fence};

use rt0_abi::Status;

use super::places::{ENDS, Place, Places};
use super::timeline::Timeline;
use crate::platform::assembler::zeros;
use crate::platform::kernel::{self, LARGEST_PAGE};
use crate::protocol::gate::{Gate, State};
use crate::protocol::in_flight::Current;
use crate::sabotage;
use crate::sync::Word;

/// The alignment of the block and of the piece in its middle, and the length of that. It divides every page size, so
/// the piece never crosses from one page into the next.
const ALIGN: usize = 2048;

/// Where the [`Page`] is in the block.
pub(crate) const PAGE_AT: usize = LARGEST_PAGE - ALIGN;

/// Everything that belongs to one generation. All-zero bytes are a cold one.
#[repr(C, align(256))]
pub struct Page {
    /// The gate. It is the first field, so that a gated call finds it at the symbol's own offset.
    pub gate: Gate,
    /// 1 when the boot thread has nothing more to do and can be joined.
    pub thread_gone: Word,
    /// The boot thread's handle in the C library; 0: none; [`MAKING`]: it is being made.
    thread: AtomicUsize,
    /// The handle of the stand-in, which boots while the boot thread is stuck behind the loader. 0 and
    /// [`MAKING`] as for `thread`.
    stand_in: AtomicUsize,
    /// The thread that runs the boot function or the library's main; 0: none does.
    boot_thread: AtomicUsize,
    /// The thread that ran the constructor; 0 once its `dlopen` is known to have returned.
    constructor_thread: AtomicUsize,
    /// The thread that is ending the generation now; 0: none is.
    pub(crate) ending_thread: AtomicUsize,
    /// The id that the system knows it by; 0: it has not asked. It asks once, and not for each step that it writes
    /// down.
    pub(crate) ending_id: AtomicU32,
    /// The status of a failed boot, as a code.
    failure: AtomicU32,
    /// 1 when a thread runs the library's main, or has run it.
    main_claimed: AtomicU32,
    /// What the library attaches to its generation.
    pub user: AtomicPtr<()>,
    /// The part of that which calls use: the author's state.
    pub state: AtomicPtr<()>,
    /// 1 when this process has written anything here. See `fork/child.rs`.
    owned: AtomicU32,
    /// The generation's pass, which stands for its number, and how calls announce themselves: here a call
    /// finds them together with the gate.
    pub current: Current,
    /// How far the end of the process, or the unmapping of the library, has come: 0, [`EXITING`], [`EXITED`]
    /// or [`UNLOADING`].
    pub(crate) ending: AtomicU32,
    /// 1 in a child in which no thread can be made: see [`crate::fork`].
    threadless: AtomicU32,
    /// What the layer above keeps for this process, whatever its generation: the guards that belong to no
    /// thread.
    pub guards: AtomicPtr<()>,
    /// And those who wait for the boot without a thread.
    pub waiters: AtomicPtr<()>,
    /// And the open ops and their queues.
    pub ops: AtomicPtr<()>,
    /// And the events that wait for the host.
    pub events: AtomicPtr<()>,
    /// When each step happened.
    pub timeline: Timeline,
}

/// The process is exiting.
pub(crate) const EXITING: u32 = 1;
/// The process is exiting, and everything we do for that is done.
pub(crate) const EXITED: u32 = 2;
/// The library is about to be unmapped.
#[cfg_attr(windows, expect(dead_code, reason = "it can't be told from an exit"))]
pub(crate) const UNLOADING: u32 = 3;

/// Stands for the handle of a thread that is being made, until the C library has returned it.
pub(crate) const MAKING: usize = usize::MAX;

const _: () = assert!(core::mem::offset_of!(Block, page) == PAGE_AT);
const _: () = assert!(size_of::<Page>() + size_of::<[Place; ENDS]>() <= ALIGN);

/// The block. It holds a `Page` in its middle, and behind that what a child may find cleared or not: nobody else uses
/// the memory around the page that the kernel wipes.
#[repr(C, align(2048))]
struct Block {
    before: UnsafeCell<[u8; PAGE_AT]>,
    page: UnsafeCell<[u8; size_of::<Page>()]>,
    places: Places,
    after: UnsafeCell<[u8; LARGEST_PAGE - size_of::<Page>() - size_of::<Places>()]>,
}

// SAFETY: `places` is made of atomics, and nobody reads or writes the others.
unsafe impl Sync for Block {}

// The symbols are defined in assembly, so that they can be hidden. Code in the same file then reaches them without
// a detour through the global offset table.
zeros!(
    "rt0_generation",
    align = ALIGN,
    size = size_of::<Block>(),
    // The page has a symbol of its own: for code in C, which does not know how large a page is; and because its
    // fields are so near to it that most instructions have their distance in one byte.
    "rt0_gate" = core::mem::offset_of!(Block, page)
);

unsafe extern "C" {
    #[link_name = "rt0_generation"]
    safe static BLOCK: Block;
    /// Only by this name do we access the page.
    #[link_name = "rt0_gate"]
    safe static PAGE: Page;
}

/// How many generations there have been in this process and its ancestors.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// 1 when the host has asked for the start. A fork's child keeps it.
static ASKED_FOR: AtomicU32 = AtomicU32::new(0);

/// The generation page of this library in this process.
#[inline(always)]
pub fn page() -> &'static Page {
    &PAGE
}

/// The places for what took time. In a fork's child some may be cleared, from the first one on.
pub(super) fn places() -> &'static Places {
    &BLOCK.places
}

/// An address in this file. The C library uses it to tell apart the files that register handlers: C and C++
/// call it `__dso_handle`.
#[cfg_attr(
    windows,
    expect(dead_code, reason = "no handlers are registered there")
)]
pub(crate) fn dso_handle() -> *const c_void {
    (&raw const PAGE).cast()
}

/// The number of the last generation that has begun, in this process or an ancestor: 1 for the first boot.
pub fn number() -> u32 {
    // Relaxed: the code that reads it is behind the gate, which orders it.
    NUMBER.load(Ordering::Relaxed)
}

/// Notes that the host has asked for the start.
pub(crate) fn set_asked_for() {
    // Relaxed: the flag publishes nothing else.
    ASKED_FOR.store(1, Ordering::Relaxed);
}

/// Whether the host has asked for the start.
pub(crate) fn has_been_asked_for() -> bool {
    ASKED_FOR.load(Ordering::Relaxed) == 1
}

/// Asks the kernel to give a fork's child zeros in place of the page.
#[cfg_attr(windows, expect(dead_code, reason = "there is no fork"))]
pub(crate) fn wipe_in_children() {
    // In units of the largest page, which is right on a kernel with smaller pages as well.
    let start = (&raw const PAGE) as usize & !(LARGEST_PAGE - 1);
    if !sabotage::NO_WIPE && !sabotage::NO_FORK_DETECTION {
        // SAFETY: these pages lie inside BLOCK from end to end (see the drawing), and what BLOCK holds is
        // meant to be zero in a child.
        unsafe { kernel::wipe_on_fork(start as *mut u8, LARGEST_PAGE) };
    }
}

/// Gives the page the next number. Either a new generation begins with it; or the page holds what is left of
/// one, and then none of that generation's threads has the new number. No call is inside.
pub(crate) fn renumber() {
    // Relaxed: the claim or the end of the shutdown orders it.
    let number = NUMBER.fetch_add(1, Ordering::Relaxed) + 1;
    page()
        .current
        .begin(number, !kernel::can_fence_all_threads());
}

// All accesses below are Relaxed. Most fields are written before a transition of the gate, with Release, and
// read after that transition was seen, with Acquire. The others matter only by their own value: who the owner
// is, whether the constructor's `dlopen` goes on, which handle is to be joined. A thread that compares a
// field with its own id needs no order at all.
impl Page {
    /// Marks the page as this process's own. Only for [`crate::fork::own_page`].
    #[cfg_attr(windows, expect(dead_code, reason = "there is no fork"))]
    pub(crate) fn set_owned(&self) {
        self.owned.store(1, Ordering::Relaxed);
    }

    /// Whether this process has marked the page.
    #[cfg_attr(windows, expect(dead_code, reason = "there is no fork"))]
    pub(crate) fn is_owned(&self) -> bool {
        self.owned.load(Ordering::Relaxed) == 1
    }

    /// Zeroes the page, as the kernel does in a child. Only for the only thread of a child.
    #[cfg_attr(windows, expect(dead_code, reason = "there is no fork"))]
    pub(crate) fn wipe(&self) {
        let words = (&raw const *self).cast::<AtomicU32>();
        for i in 0..size_of::<Page>() / size_of::<AtomicU32>() {
            // SAFETY: the word is inside the page, which is aligned for words and made of atomics.
            unsafe { (*words.add(i)).store(0, Ordering::Relaxed) };
        }
    }

    /// The number of the generation that was begun last in this process; 0: none was.
    #[inline(always)]
    pub fn number(&self) -> u32 {
        self.current.number()
    }

    pub(crate) fn set_boot_thread(&self, id: usize) {
        self.boot_thread.store(id, Ordering::Relaxed);
    }

    /// Clears it, if it is this thread.
    pub(crate) fn unset_boot_thread(&self, id: usize) {
        let _ = self
            .boot_thread
            .compare_exchange(id, 0, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// False for an unknown thread, whose id is 0.
    pub(crate) fn is_boot_thread(&self, id: usize) -> bool {
        id != 0 && self.boot_thread.load(Ordering::Relaxed) == id
    }

    pub(crate) fn set_constructor_thread(&self, id: usize) {
        self.constructor_thread.store(id, Ordering::Relaxed);
    }

    /// False for an unknown thread, whose id is 0.
    pub(crate) fn is_constructor_thread(&self, id: usize) -> bool {
        id != 0 && self.constructor_thread.load(Ordering::Relaxed) == id
    }

    /// Whether the `dlopen` that runs the constructor may still be going on.
    pub(crate) fn has_constructor_thread(&self) -> bool {
        self.constructor_thread.load(Ordering::Relaxed) != 0
    }

    pub(crate) fn set_failure(&self, status: Status) {
        self.failure.store(status.code() as u32, Ordering::Relaxed);
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.failure.load(Ordering::Relaxed) != 0
    }

    /// Why the boot failed, if it has.
    pub fn failure(&self) -> Status {
        let code = self.failure.load(Ordering::Relaxed) as i32;
        Status::from_code(code).unwrap_or(Status::BootFailed)
    }

    pub(crate) fn set_thread(&self, handle: usize) {
        self.thread.store(handle, Ordering::Relaxed);
    }

    pub(crate) fn thread(&self) -> usize {
        self.thread.load(Ordering::Relaxed)
    }

    pub(crate) fn set_stand_in(&self, handle: usize) {
        self.stand_in.store(handle, Ordering::Relaxed);
    }

    pub(crate) fn stand_in(&self) -> usize {
        self.stand_in.load(Ordering::Relaxed)
    }

    /// The id of this thread.
    pub(super) fn id_of_this_thread(&self) -> u32 {
        if self.ending_thread.load(Ordering::Relaxed) != kernel::this_thread() {
            return kernel::thread_id();
        }
        match self.ending_id.load(Ordering::Relaxed) {
            0 => {
                let id = kernel::thread_id();
                self.ending_id.store(id, Ordering::Relaxed);
                id
            }
            id => id,
        }
    }

    #[cfg_attr(windows, expect(dead_code, reason = "there is no fork"))]
    pub(crate) fn set_threadless(&self) {
        self.threadless.store(1, Ordering::Relaxed);
    }

    /// Whether this is a child in which no thread can be made.
    pub fn is_threadless(&self) -> bool {
        self.threadless.load(Ordering::Relaxed) == 1
    }

    /// True for the first caller in this generation.
    pub(crate) fn claim_main(&self) -> bool {
        self.main_claimed.swap(1, Ordering::Relaxed) == 0
    }

    /// Whether the process is exiting, or the library is about to be unmapped: nothing new may begin.
    pub fn end_has_begun(&self) -> bool {
        // If a boot is claimed before this look and an end begins at the same time, at least one of the two
        // sees the other. Pairs with the fence in `begin_end`.
        fence(Ordering::SeqCst);
        self.ending.load(Ordering::Relaxed) != 0
    }

    /// Begins the end. Returns what was stored before: if it is 0, the caller has begun the end, and must
    /// take back a boot that nobody has claimed.
    pub(crate) fn begin_end(&self, how: u32) -> u32 {
        // Relaxed: the fence orders it.
        let former = self
            .ending
            .compare_exchange(0, how, Ordering::Relaxed, Ordering::Relaxed);
        // Pairs with the fence in `end_has_begun`.
        fence(Ordering::SeqCst);
        former.err().unwrap_or(0)
    }

    /// Declares what the boot of the generation with this number has made lost: from now on calls get this
    /// status. True for the first caller. It must be called from inside an announced call. Then no shutdown
    /// ends that generation, and no other generation begins, between the look at its number and the
    /// transition.
    pub fn lose(&self, number: u32, status: Status) -> bool {
        let open = matches!(self.gate.state(), State::Ready | State::Uncalled);
        if self.number() != number || !open {
            return false;
        }
        // This is stored before the transition, so that calls see it through the transition. A shutdown that
        // comes in between ends the generation anyway.
        self.set_failure(status);
        self.gate.lose()
    }

    /// Clears what belongs to the generation that has ended. What belongs to the load or to the process
    /// stays, and so does the number. The timeline stays until the next generation begins, for reports.
    #[inline(never)]
    pub(crate) fn clear(&self) {
        self.thread_gone.change(1, 0);
        self.set_boot_thread(0);
        self.failure.store(0, Ordering::Relaxed);
        self.main_claimed.store(0, Ordering::Relaxed);
        self.user.store(core::ptr::null_mut(), Ordering::Relaxed);
        self.state.store(core::ptr::null_mut(), Ordering::Relaxed);
    }
}
