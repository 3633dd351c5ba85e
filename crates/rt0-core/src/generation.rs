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
use core::sync::atomic::{AtomicPtr, AtomicU32, AtomicUsize, Ordering};

use rt0_abi::Status;

use crate::gate::Gate;
use crate::inflight::Current;
use crate::library::Library;
use crate::object::zeros;
use crate::sync::Word;
use crate::sys::LARGEST_PAGE;
use crate::timeline::Timeline;
use crate::{fork, sabotage, sys};

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
    /// 1 when the process has written anything here. See `fork.rs`.
    owned: AtomicU32,
    /// The generation's number, again, and how calls announce themselves: where a call finds it
    /// together with the gate.
    pub current: Current,
    /// 1 from the moment on when the process exits, or the library is about to be unmapped.
    pub(crate) ending: AtomicU32,
    /// 1 in a child in which no thread can be made: see [`crate::fork`].
    threadless: AtomicU32,
    /// When what happened.
    pub timeline: Timeline,
}

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

/// 1 once [`prepare`] was called, in this process or an ancestor.
static PREPARED: AtomicU32 = AtomicU32::new(0);

/// 1 when the host has asked for the start. A fork's child keeps it.
static STARTED: AtomicU32 = AtomicU32::new(0);

/// The generation page of this library in this process.
#[inline(always)]
pub fn page() -> &'static Page {
    &BLOCK.page
}

/// An address of this file, by which the C library tells files apart that register handlers: what
/// C and C++ call `__dso_handle`.
pub(crate) fn file() -> *const c_void {
    (&raw const BLOCK).cast()
}

/// The hot path of every gated call: whether the gate is open. One load, one compare, one branch.
pub use crate::sys::is_ready;

/// The number of the last generation that was begun, in this process or an ancestor: 1 for the first
/// boot.
pub fn number() -> u32 {
    // Relaxed: read by code that is behind the gate, which orders it.
    NUMBER.load(Ordering::Relaxed)
}

/// Whether this process is a fork's child of the one that loaded the library.
pub fn in_fork_child() -> bool {
    fork::incarnation() != 0
}

/// The host asks for the start.
pub(crate) fn set_started() {
    // Relaxed: a flag that carries nothing with it.
    STARTED.store(1, Ordering::Relaxed);
}

/// Whether the host has asked for the start.
pub(crate) fn started() -> bool {
    STARTED.load(Ordering::Relaxed) == 1
}

/// Called when the library is loaded, and again by a boot that finds that it was not. `pinned`: the
/// library is never unmapped.
pub fn prepare(pinned: bool) {
    // Relaxed: the value is the same whoever writes it.
    PREPARED.store(1, Ordering::Relaxed);
    watch_now();
    // And where the kernel cannot, or an emulator only says so: handlers that `fork` calls.
    if !sabotage::NO_FORK_HANDLER && !sabotage::NO_FORK_DETECTION {
        fork::register(file(), pinned);
    }
}

/// A part of that, for what comes before it: from now on a fork's child finds the page wiped, and
/// [`fork::incarnation`] knows it.
pub fn watch() {
    if !fork::is_watching() {
        watch_now();
    }
}

fn watch_now() {
    fork::own();
    // In units of the largest page: right on a kernel with smaller ones as well.
    let start = (&raw const BLOCK.page) as usize & !(LARGEST_PAGE - 1);
    if !sabotage::NO_WIPE && !sabotage::NO_FORK_DETECTION {
        // SAFETY: these pages lie inside BLOCK from end to end (see the drawing), and what BLOCK holds
        // is meant to be zero in a child.
        unsafe { sys::wipe_on_fork(start as *mut u8, LARGEST_PAGE) };
    }
}

/// Begins the next generation; called by whoever has claimed the boot.
pub(crate) fn begin(library: &Library) {
    // Relaxed: the claim orders it.
    if PREPARED.load(Ordering::Relaxed) == 0 {
        // The constructor never ran.
        prepare(library.stays());
    }
    fork::own();
    let number = NUMBER.fetch_add(1, Ordering::Relaxed) + 1;
    page().current.begin(number, !sys::can_fence_all_threads());
    page().set_boot_thread(sys::this_thread());
}

/// Gives what is left of a generation a number that none of its threads has. No call is inside.
pub(crate) fn renumber() {
    // Relaxed: the claim orders it, or the end of the shutdown.
    let number = NUMBER.fetch_add(1, Ordering::Relaxed) + 1;
    page().current.begin(number, !sys::can_fence_all_threads());
}

// All of these are Relaxed: they are written before a transition of the gate, with Release, and read
// after one was seen, with Acquire. The others say something by their value alone: who the owner is,
// whether the constructor's `dlopen` goes on, which handle is to be joined. A thread that reads its own
// id needs no order at all.
impl Page {
    /// Says that what stands here is this process's. For [`fork::own`] alone.
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

    /// True for the first who asks in this generation.
    pub(crate) fn claim_main(&self) -> bool {
        self.main_claimed.swap(1, Ordering::Relaxed) == 0
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
