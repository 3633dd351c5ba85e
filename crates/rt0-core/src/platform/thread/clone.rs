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
//!   library's way is the only one as soon as there is any sign of one ([`kernel::is_without_libc`]). Where it has
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
use crate::platform::kernel::{self, LARGEST_PAGE, POINTER_AT};
use crate::platform::weak_symbols::ThreadStart;
use crate::sabotage;

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

const _: () = assert!(size_of::<Record>() <= 1024 && POINTER_AT + 1024 <= PAGE);

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
    let low = kernel::map(len).ok_or(NoThread)?;
    // SAFETY: the mapping is ours, as large as that, and aligned to pages. The guard is the lowest page,
    // which only an overflow would reach. The record's page holds the thread's own data besides, and
    // stays until the thread is gone. `run` does not return.
    unsafe {
        if !sabotage::NO_GUARD {
            kernel::forbid(low, LARGEST_PAGE);
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
        let pointer = top.add(POINTER_AT);
        // Where the ABI has the pointer find itself, as on x86. Elsewhere nobody looks.
        pointer.cast::<usize>().write(pointer as usize);
        let shared = sabotage::NO_OWN_POINTER;
        let flags = FLAGS | if shared { 0 } else { SETTLS };
        let blocked = if sabotage::NO_RAW_SIGNAL_BLOCK { 0 } else { !0 };
        let former = kernel::block_signals(blocked);
        let result = kernel::clone(
            flags,
            top as usize,
            (*record).alive.as_ptr() as usize,
            pointer as usize,
            run,
            record.cast(),
        );
        kernel::set_signal_mask(former);
        if result < 0 {
            if sabotage::NO_CLONE_ERROR {
                kernel::trap();
            }
            kernel::unmap(low, len);
            return Err(NoThread);
        }
        Ok(record as usize)
    }
}

pub unsafe fn join(handle: usize) {
    let record = handle as *mut Record;
    // SAFETY: our caller says so. When the kernel has cleared the word, nobody looks at the page any more.
    unsafe {
        kernel::wait_for_thread(&(*record).alive);
        kernel::unmap(record.cast(), PAGE);
    }
}

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
unsafe extern "C" fn run(record: *mut c_void) -> ! {
    // SAFETY: `create` wrote it, and it stays until this thread is gone, or unmaps it itself.
    unsafe {
        let record = &*record.cast::<Record>();
        (record.start)(record.data);
        let (low, mut len) = (record.low, record.top - record.low);
        // Acquire pairs with the Release in `detach`.
        let joinable = record
            .state
            .compare_exchange(RUNNING, ENDED, Ordering::Acquire, Ordering::Acquire)
            .is_ok();
        if !joinable {
            len = record.len;
            kernel::forget_exit_word();
        }
        if sabotage::NO_STACK_RETURN {
            // The kernel refuses it.
            len = 0;
        }
        kernel::unmap_and_exit(low, len)
    }
}
