//! The generation page: the memory in which one boot of the library lives.
//!
//! ```text
//!        BLOCK, in .bss: twice the largest page of the processor
//!  ┌──────────────────────────────┬──────────────────────────────┐
//!  │ before                       │Page│ after                   │
//!  └──────────────────────────────┴──────────────────────────────┘
//!              ┌──────────────────────────────┐
//!              │ the whole page around it     │   wiped by the kernel in a fork's child
//!              └──────────────────────────────┘
//! ```
//!
//! Where the linker puts the block is not known, but the byte in its middle always lies in a page that
//! the block covers from end to end, and [`Page`], which begins there, is aligned so that it does not
//! leave it. The static itself is not aligned to pages: loaders differ in what they honour.
//!
//! In a fork's child the page is all zeros, which is "cold": the first call there boots the next
//! generation, and nothing that the parent's threads held is looked at. What must outlive a generation
//! stands beside the page: its number, and how many forks ago the library was loaded.

use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::mem::size_of;
use core::sync::atomic::{AtomicPtr, AtomicU32, AtomicUsize, Ordering, fence};

use rt0_abi::Status;

use super::timeline::Timeline;
use crate::platform::assembler::zeros;
use crate::platform::kernel::{self, LARGEST_PAGE};
use crate::protocol::gate::{Gate, State};
use crate::protocol::in_flight::Current;
use crate::sabotage;
use crate::sync::Word;

/// The alignment of [`Page`]: it divides every page size, so a `Page` of at most this size never
/// crosses from one page into the next.
const PAGE_ALIGN: usize = 256;

/// What one generation consists of. All-zero bytes are a cold one.
#[repr(C, align(256))]
pub struct Page {
    /// The gate. It comes first, so that a gated call finds it at the symbol's own offset.
    pub gate: Gate,
    /// 1 when the boot thread has nothing more to do and can be joined.
    pub thread_gone: Word,
    /// The boot thread, as the C library calls it; 0 for none, [`MAKING`] for one being made.
    thread: AtomicUsize,
    /// The thread that boots while that one is stuck behind the loader; 0 and [`MAKING`] likewise.
    stand_in: AtomicUsize,
    /// The thread that runs the boot function, or the library's main; 0 when none does.
    boot_thread: AtomicUsize,
    /// The thread that ran the constructor, until its `dlopen` is known to have returned; 0 then.
    constructor_thread: AtomicUsize,
    /// The thread that ends the generation just now; 0 when none does.
    pub(crate) ending_thread: AtomicUsize,
    /// The status of a failed boot, as a code.
    failure: AtomicU32,
    /// 1 when somebody runs the library's main, or has.
    main_claimed: AtomicU32,
    /// What the library hangs on its generation.
    pub user: AtomicPtr<()>,
    /// 1 when the process has written anything here. See `fork/child.rs`.
    owned: AtomicU32,
    /// The generation's number, again, and how calls announce themselves: where a call finds it
    /// together with the gate.
    pub current: Current,
    /// How far the end of the process is, or of the library's place in memory: 0, [`EXITING`], [`EXITED`] or
    /// [`UNLOADING`].
    pub(crate) ending: AtomicU32,
    /// 1 in a child in which no thread can be made: see [`crate::fork`].
    threadless: AtomicU32,
    /// When what happened.
    pub timeline: Timeline,
}

/// The process exits.
pub(crate) const EXITING: u32 = 1;
/// And all that was to be done for that is done.
#[cfg_attr(windows, expect(dead_code, reason = "nothing is done there"))]
pub(crate) const EXITED: u32 = 2;
/// The library is about to be unmapped.
#[cfg_attr(windows, expect(dead_code, reason = "it can't be told from an exit"))]
pub(crate) const UNLOADING: u32 = 3;

/// Stands in for the boot thread's handle until the C library has told it.
pub(crate) const MAKING: usize = usize::MAX;

const _: () = assert!(size_of::<Page>() <= PAGE_ALIGN);

/// The block. It holds nothing but a page in its middle: what the kernel wipes around it is nobody's.
#[repr(C, align(256))]
struct Block {
    before: UnsafeCell<[u8; LARGEST_PAGE]>,
    page: Page,
    after: UnsafeCell<[u8; LARGEST_PAGE - size_of::<Page>()]>,
}

// SAFETY: `page` is made of atomics, and nobody reads or writes `before` and `after`.
unsafe impl Sync for Block {}

// The assembler defines it, so that it can be hidden: code in the same file then reaches it without a
// detour through the global offset table.
zeros!(
    "rt0_generation",
    align = PAGE_ALIGN,
    size = size_of::<Block>(),
    // The gate under a name of its own, for code in C, which does not know how large a page is.
    "rt0_gate" = core::mem::offset_of!(Block, page)
);

unsafe extern "C" {
    #[link_name = "rt0_generation"]
    safe static BLOCK: Block;
}

/// How many generations there have been in this process and its ancestors.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// 1 when the host has asked for the start. A fork's child keeps it.
static ASKED_FOR: AtomicU32 = AtomicU32::new(0);

/// The generation page of this library in this process.
#[inline(always)]
pub fn page() -> &'static Page {
    &BLOCK.page
}

/// An address of this file, by which the C library tells files apart that register handlers: what
/// C and C++ call `__dso_handle`.
#[cfg_attr(windows, expect(dead_code, reason = "nobody registers handlers"))]
pub(crate) fn dso_handle() -> *const c_void {
    (&raw const BLOCK).cast()
}

/// The number of the last generation that was begun, in this process or an ancestor: 1 for the first
/// boot.
pub fn number() -> u32 {
    // Relaxed: read by code that is behind the gate, which orders it.
    NUMBER.load(Ordering::Relaxed)
}

/// The host asks for the start.
pub(crate) fn set_asked_for() {
    // Relaxed: a flag that carries nothing with it.
    ASKED_FOR.store(1, Ordering::Relaxed);
}

/// Whether the host has asked for the start.
pub(crate) fn has_been_asked_for() -> bool {
    ASKED_FOR.load(Ordering::Relaxed) == 1
}

/// Asks the kernel to hand a fork's child zeros in place of the page.
#[cfg_attr(windows, expect(dead_code, reason = "there is no fork"))]
pub(crate) fn wipe_in_children() {
    // In units of the largest page: right on a kernel with smaller ones as well.
    let start = (&raw const BLOCK.page) as usize & !(LARGEST_PAGE - 1);
    if !sabotage::NO_WIPE && !sabotage::NO_FORK_DETECTION {
        // SAFETY: these pages lie inside BLOCK from end to end (see the drawing), and what BLOCK holds
        // is meant to be zero in a child.
        unsafe { kernel::wipe_on_fork(start as *mut u8, LARGEST_PAGE) };
    }
}

/// Gives what stands on the page the next number: to the generation that begins; or to what is left of one, and
/// then none of its threads has that number. No call is inside.
pub(crate) fn renumber() {
    // Relaxed: the claim orders it, or the end of the shutdown.
    let number = NUMBER.fetch_add(1, Ordering::Relaxed) + 1;
    page()
        .current
        .begin(number, !kernel::can_fence_all_threads());
}

// All of these are Relaxed: they are written before a transition of the gate, with Release, and read
// after one was seen, with Acquire. The others say something by their value alone: who the owner is,
// whether the constructor's `dlopen` goes on, which handle is to be joined. A thread that reads its own
// id needs no order at all.
impl Page {
    /// Says that what stands here is this process's. For [`crate::fork::own_page`] alone.
    #[cfg_attr(windows, expect(dead_code, reason = "there is no fork"))]
    pub(crate) fn set_owned(&self) {
        self.owned.store(1, Ordering::Relaxed);
    }

    /// Whether this process has said so.
    #[cfg_attr(windows, expect(dead_code, reason = "there is no fork"))]
    pub(crate) fn is_owned(&self) -> bool {
        self.owned.load(Ordering::Relaxed) == 1
    }

    /// Makes the page what the kernel makes of it in a child. Only for a child's only thread.
    #[cfg_attr(windows, expect(dead_code, reason = "there is no fork"))]
    pub(crate) fn wipe(&self) {
        let words = (&raw const *self).cast::<AtomicU32>();
        for i in 0..size_of::<Page>() / size_of::<AtomicU32>() {
            // SAFETY: inside the page, which is aligned for words and made of atomics.
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

    /// Takes it back, when it is this one.
    pub(crate) fn unset_boot_thread(&self, id: usize) {
        let _ = self
            .boot_thread
            .compare_exchange(id, 0, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Not for a thread that nobody knows: 0.
    pub(crate) fn is_boot_thread(&self, id: usize) -> bool {
        id != 0 && self.boot_thread.load(Ordering::Relaxed) == id
    }

    pub(crate) fn set_constructor_thread(&self, id: usize) {
        self.constructor_thread.store(id, Ordering::Relaxed);
    }

    /// Not for a thread that nobody knows: 0.
    pub(crate) fn is_constructor_thread(&self, id: usize) -> bool {
        id != 0 && self.constructor_thread.load(Ordering::Relaxed) == id
    }

    /// Whether the `dlopen` that runs the constructor may still go on.
    pub(crate) fn has_constructor_thread(&self) -> bool {
        self.constructor_thread.load(Ordering::Relaxed) != 0
    }

    pub(crate) fn set_failure(&self, status: Status) {
        self.failure.store(status.code() as u32, Ordering::Relaxed);
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.failure.load(Ordering::Relaxed) != 0
    }

    /// Why boot failed, when it has.
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

    #[cfg_attr(windows, expect(dead_code, reason = "there is no fork"))]
    pub(crate) fn set_threadless(&self) {
        self.threadless.store(1, Ordering::Relaxed);
    }

    pub(crate) fn is_threadless(&self) -> bool {
        self.threadless.load(Ordering::Relaxed) == 1
    }

    /// True for the first caller in this generation.
    pub(crate) fn claim_main(&self) -> bool {
        self.main_claimed.swap(1, Ordering::Relaxed) == 0
    }

    /// Whether the process exits, or the library is about to be unmapped: nothing is begun any more.
    pub fn end_has_begun(&self) -> bool {
        // A boot that was claimed before this look, and an end that begins at the same time: one of them
        // sees the other. Pairs with the fence in `begin_end`.
        fence(Ordering::SeqCst);
        self.ending.load(Ordering::Relaxed) != 0
    }

    /// From now on it has. The answer is what stood there before: if it is 0, the caller has begun the end, and
    /// must take back a boot that nobody has claimed.
    pub(crate) fn begin_end(&self, how: u32) -> u32 {
        // Relaxed: the fence orders it.
        let former = self
            .ending
            .compare_exchange(0, how, Ordering::Relaxed, Ordering::Relaxed);
        // Pairs with the fence in `end_has_begun`.
        fence(Ordering::SeqCst);
        former.err().unwrap_or(0)
    }

    /// What the boot of the generation with this number has made is lost: from now on calls get this status.
    /// True for the first caller. Must be called from inside a call that is announced: so no shutdown ends that
    /// generation, and no other begins, between the look at its number and the transition.
    pub fn lose(&self, number: u32, status: Status) -> bool {
        let open = matches!(self.gate.state(), State::Ready | State::Uncalled);
        if self.number() != number || !open {
            return false;
        }
        // Before the transition, by which calls see it. A shutdown that comes in between ends it anyway.
        self.set_failure(status);
        self.gate.lose()
    }

    /// Takes away what belongs to the generation that has ended. What belongs to the load or to the
    /// process stays, and the number too.
    pub(crate) fn clear(&self) {
        self.thread_gone.change(1, 0);
        self.set_boot_thread(0);
        self.failure.store(0, Ordering::Relaxed);
        self.main_claimed.store(0, Ordering::Relaxed);
        self.user.store(core::ptr::null_mut(), Ordering::Relaxed);
        self.timeline.clear();
    }
}
