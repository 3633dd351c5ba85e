//! Threads without a C library: made by clone(2), for a process that has none.
//!
//! ```text
//!   low                                                            high
//!   ┌───────────────┬─────────────────────────────┬─────────────────────┐
//!   │ guard page(s) │ the stack        grows ◄──  │ Record, own data    │   one mapping
//!   └───────────────┴─────────────────────────────┴─────────────────────┘
//!   └── unmapped by the thread itself at its end ──┘ └── by who joins it
//! ```
//!
//! - Where there is a C library, such a thread must not be made: it would not know of it. So the C
//!   library's way is the only one as soon as there is any sign of one ([`is_possible`]). Where it has
//!   no threads, none is made, and the first caller boots.
//! - The thread has a thread pointer of its own, to zeroed memory: with the one of the thread that made it,
//!   it would write into that one's thread-locals. None of its own work: nobody has initialised them.
//! - All signals are blocked on it. What a process does to all of its threads one by one, as C libraries do
//!   for `setresuid`, does not reach it.
//! - At its end it unmaps the stack that it stands on, and then calls exit(2): in assembly, in registers.
//!   The kernel then clears the word that its joiner waits for. That one must not lie in what the thread
//!   has unmapped: it may be somebody else's memory by then.
//!
//! ```text
//!              end of the thread                   join
//!   RUNNING ─────────────────────► ENDED ───────────────────► unmapped, once the kernel says so
//!      │                                       detach likewise
//!      └── detach ► DETACHED ──── end of the thread: unmaps all, and has the kernel clear nothing
//! ```

use core::ffi::c_void;
use core::mem::size_of;
use core::sync::atomic::{AtomicU32, Ordering};

use super::NoThread;
use crate::sabotage;
use crate::sys::{self, LARGEST_PAGE};
use crate::weak::{self, ThreadStart};

// One file per processor, with the same names in the same order.
#[cfg_attr(target_arch = "x86", path = "clone/x86.rs")]
#[cfg_attr(
    all(target_arch = "x86_64", target_pointer_width = "64"),
    path = "clone/x86_64.rs"
)]
#[cfg_attr(target_arch = "arm", path = "clone/arm.rs")]
#[cfg_attr(
    all(target_arch = "aarch64", target_pointer_width = "64"),
    path = "clone/aarch64.rs"
)]
#[cfg_attr(target_arch = "riscv64", path = "clone/riscv64.rs")]
#[cfg_attr(target_arch = "powerpc64", path = "clone/powerpc64.rs")]
#[cfg_attr(target_arch = "s390x", path = "clone/s390x.rs")]
mod arch;

/// What a new thread runs.
type Entry = unsafe extern "C" fn(*mut Record) -> !;

/// What a thread is known by.
#[repr(C)]
struct Record {
    /// 1 until the kernel clears it: the thread is gone, and its stack too.
    alive: AtomicU32,
    /// [`RUNNING`], [`ENDED`] or [`DETACHED`].
    state: AtomicU32,
    start: ThreadStart,
    data: *mut c_void,
    /// The mapping, the record's page included, and where that page begins.
    low: usize,
    len: usize,
    top: usize,
}

const RUNNING: u32 = 0;
const ENDED: u32 = 1;
const DETACHED: u32 = 2;

/// The record's page: it has the thread's own data as well.
const PAGE: usize = LARGEST_PAGE;

const _: () = assert!(size_of::<Record>() <= 1024 && arch::POINTER_AT + 1024 <= PAGE);

/// Whether the process has no C library.
///
/// None of the symbols alone tells: `pthread_create` is in a file of its own in glibc before 2.34, and a
/// program that is linked statically has only what it calls, and the start of the C library. Nor do they
/// all together: in a namespace of `dlmopen` a library that needs no other sees none. So the kernel is
/// asked as well whether the process has a dynamic loader, which is a part of the C library.
pub fn is_possible() -> bool {
    if sabotage::NO_C_LIBRARY_CHECK {
        return true;
    }
    weak::pthread_create().is_none()
        && weak::cxa_atexit().is_none()
        && weak::getauxval().is_none()
        && weak::gnu_get_libc_version().is_none()
        && weak::dlopen().is_none()
        && weak::libc_start_main().is_none()
        && (sabotage::NO_LOADER_CHECK || !has_loader())
}

/// Whether the kernel has loaded a dynamic loader beside the program. Without /proc nobody can tell: no
/// C library runs its programs there for long.
fn has_loader() -> bool {
    /// 0 until it is known, then [`YES`] or [`NO`]. Asked once: later /proc may be out of reach.
    static KNOWN: AtomicU32 = AtomicU32::new(0);
    const YES: u32 = 1;
    const NO: u32 = 2;
    const AT_BASE: usize = 7;
    // Relaxed: the value is the same whoever writes it.
    let known = KNOWN.load(Ordering::Relaxed);
    if known != 0 {
        return known == YES;
    }
    let found = sys::auxiliary(AT_BASE).is_some_and(|base| base != 0);
    KNOWN.store(if found { YES } else { NO }, Ordering::Relaxed);
    found
}

pub fn create(start: ThreadStart, data: *mut c_void, stack_size: usize) -> Result<usize, NoThread> {
    const VM: usize = 0x100;
    const FS: usize = 0x200;
    const FILES: usize = 0x400;
    const SIGHAND: usize = 0x800;
    const THREAD: usize = 0x10000;
    const SYSVSEM: usize = 0x40000;
    const SETTLS: usize = 0x80000;
    const CHILD_CLEARTID: usize = 0x20_0000;
    const FLAGS: usize = VM | FS | FILES | SIGHAND | THREAD | SYSVSEM | CHILD_CLEARTID;

    let stack = LARGEST_PAGE + stack_size.next_multiple_of(LARGEST_PAGE);
    let len = stack + PAGE;
    let low = sys::map(len).ok_or(NoThread)?;
    // SAFETY: the mapping is ours, as large as that, and aligned to pages. The guard is the lowest page,
    // which only an overflow would reach. The record's page holds the thread's own data besides, and
    // stays until the thread is gone. `run` does not return.
    unsafe {
        if !sabotage::NO_GUARD {
            sys::forbid(low, LARGEST_PAGE);
        }
        let top = low.add(stack);
        let record = top.cast::<Record>();
        record.write(Record {
            alive: AtomicU32::new(1),
            state: AtomicU32::new(RUNNING),
            start,
            data,
            low: low as usize,
            len,
            top: top as usize,
        });
        let pointer = top.add(arch::POINTER_AT);
        // Where the ABI has the pointer find itself, as on x86. Elsewhere nobody looks.
        pointer.cast::<usize>().write(pointer as usize);
        let shared = sabotage::NO_OWN_POINTER;
        let flags = FLAGS | if shared { 0 } else { SETTLS };
        let blocked = if sabotage::NO_RAW_SIGNAL_BLOCK { 0 } else { !0 };
        let former = sys::block_signals(blocked);
        let result = arch::clone(
            flags,
            top as usize,
            (*record).alive.as_ptr() as usize,
            pointer as usize,
            run,
            record,
        );
        sys::set_signal_mask(former);
        if result < 0 {
            if sabotage::NO_CLONE_ERROR {
                sys::trap();
            }
            sys::unmap(low, len);
            return Err(NoThread);
        }
        Ok(record as usize)
    }
}

/// # Safety
/// `handle` is of [`create`], and neither joined nor detached.
pub unsafe fn join(handle: usize) {
    let record = handle as *mut Record;
    // SAFETY: our caller says so. When the kernel has cleared the word, nobody looks at the page any more.
    unsafe {
        sys::wait_for_thread(&(*record).alive);
        sys::unmap(record.cast(), PAGE);
    }
}

/// # Safety
/// As [`join`].
pub unsafe fn detach(handle: usize) {
    let record = handle as *mut Record;
    // SAFETY: our caller says so; the page stays until this has changed the state.
    let state = unsafe { &(*record).state };
    // Release: the thread that unmaps the page, which sees it by Acquire, is done after us.
    let running = state.compare_exchange(RUNNING, DETACHED, Ordering::Release, Ordering::Relaxed);
    if running.is_err() {
        // SAFETY: passed on to our caller. The thread has only a few instructions to go.
        unsafe { join(handle) };
    }
}

/// What the thread runs.
unsafe extern "C" fn run(record: *mut Record) -> ! {
    // SAFETY: `create` wrote it, and it stays until this thread is gone, or unmaps it itself.
    unsafe {
        let record = &*record;
        (record.start)(record.data);
        let (low, mut len) = (record.low, record.top - record.low);
        // Acquire pairs with the Release in `detach`.
        let joinable = record
            .state
            .compare_exchange(RUNNING, ENDED, Ordering::Acquire, Ordering::Acquire)
            .is_ok();
        if !joinable {
            len = record.len;
            sys::forget_exit_word();
        }
        if sabotage::NO_STACK_RETURN {
            // The kernel refuses it.
            len = 0;
        }
        arch::unmap_and_exit(low, len)
    }
}
