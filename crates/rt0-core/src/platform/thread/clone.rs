//! Threads without a C library: made by clone(2), for a process that has none.
//!
//! ```text
//!   low                                                            high
//!   ┌───────────────┬─────────────────────────────┬─────────────────────┐
//!   │ guard page(s) │ the stack        grows ◄──  │ Record, own data    │   one mapping
//!   └───────────────┴─────────────────────────────┴─────────────────────┘
//!   └── unmapped by the thread itself at its end ──┘ └── by the joiner
//! ```
//!
//! - A process with a C library must not have such a thread: the C library would not know of it. So at any
//!   sign of a C library ([`kernel::is_without_libc`]), threads are only made through it. If it has no
//!   threads, we make none, and the first caller boots.
//! - The thread has its own thread pointer, to zeroed memory. With its creator's, it would write into the
//!   creator's thread-locals. It must not use thread-locals: nothing has initialised its own.
//! - All signals are blocked on it. What a process does to each of its threads in turn, as C libraries do for
//!   `setresuid`, does not reach it.
//! - At its end it unmaps the stack that it runs on, and then calls exit(2): in assembly, using registers
//!   only. The kernel then clears the word that the joiner waits for. The word must not be in the unmapped
//!   memory, which may belong to somebody else by then.
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

/// What we keep about a thread. Its address is the handle.
#[repr(C)]
struct Record {
    /// 1 until the kernel clears it. Then the thread is gone, and so is its stack.
    alive: AtomicU32,
    /// [`RUNNING`], [`ENDED`] or [`DETACHED`].
    state: AtomicU32,
    start: ThreadStart,
    data: *mut c_void,
    /// The mapping, with the record's page, and where that page begins.
    low: usize,
    len: usize,
    top: usize,
}

const RUNNING: u32 = 0;
const ENDED: u32 = 1;
const DETACHED: u32 = 2;

/// The size of the record's page, which also holds the thread's own data.
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
    // SAFETY: the mapping is ours, `len` bytes long, and aligned to pages. The guard is the lowest page,
    // which only an overflow would reach. The record's page also holds the thread's own data, and stays until
    // the thread is gone. `run` does not return.
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
        // Some ABIs, as on x86, keep the pointer's own value where it points. Elsewhere nobody reads it.
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
    // SAFETY: the handle is valid, as our caller promises. Once the kernel has cleared the word, nobody uses
    // the page any more.
    unsafe {
        kernel::wait_for_thread(&(*record).alive);
        kernel::unmap(record.cast(), PAGE);
    }
}

pub unsafe fn detach(handle: usize) {
    let record = handle as *mut Record;
    // SAFETY: the handle is valid, as our caller promises; the page stays until this has changed the state.
    let state = unsafe { &(*record).state };
    // Release pairs with the Acquire in `run`: the thread unmaps the page only after we are done with it.
    let running = state.compare_exchange(RUNNING, DETACHED, Ordering::Release, Ordering::Relaxed);
    if running.is_err() {
        // SAFETY: passed on to our caller. The thread has only a few instructions left to run.
        unsafe { join(handle) };
    }
}

/// What the thread runs.
unsafe extern "C" fn run(record: *mut c_void) -> ! {
    // SAFETY: `create` wrote the record. It stays until this thread is gone, or unmaps it itself.
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
            // The kernel refuses to unmap nothing.
            len = 0;
        }
        kernel::unmap_and_exit(low, len)
    }
}
