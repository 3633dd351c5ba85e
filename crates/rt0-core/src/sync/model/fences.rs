//! The fences for the model checker.
//!
//! `membarrier(2)` interrupts every processor that runs a thread of the process, has it execute a full
//! fence wherever it happens to be, and returns when all have. A thread that does not run has been
//! through a fence when it was taken off its processor. The model does the same in words that loom
//! knows: [`everywhere`] asks, every thread answers with a fence at one of the [`interruptible`]
//! places on its way, any of them, or by its end, and the asker waits for all answers. So the fence
//! comes before, between or after the call's accesses, and a call has none unless a shutdown asked.
//!
//! What is taken on trust is the kernel's word: that the fence is a full one, on both sides.

use core::cell::Cell;

use loom::sync::atomic::{AtomicU32, Ordering, fence};
use loom::thread;

/// As many threads as a model has besides the first.
const MOST: usize = 3;
const ENDED: u32 = u32::MAX;

struct Kernel {
    /// How many threads can be interrupted; 0: the kernel refuses.
    threads: AtomicU32,
    /// How often a fence was asked for.
    asked: AtomicU32,
    /// What each thread has answered last.
    answered: [AtomicU32; MOST],
}

loom::lazy_static! {
    static ref KERNEL: Kernel = Kernel {
        threads: AtomicU32::new(0),
        asked: AtomicU32::new(0),
        answered: core::array::from_fn(|_| AtomicU32::new(0)),
    };
}

loom::thread_local! {
    static THREAD: Cell<Option<usize>> = Cell::new(None);
}

/// The kernel has the fence, and so many threads will run. Before they are made.
pub fn offer(threads: usize) {
    assert!(threads <= MOST);
    KERNEL.threads.store(threads as u32, Ordering::Relaxed);
}

/// Runs one of these threads.
pub fn on_thread<R>(thread: usize, run: impl FnOnce() -> R) -> R {
    THREAD.with(|here| here.set(Some(thread)));
    let result = run();
    if offered() > thread {
        KERNEL.answered[thread].store(ENDED, Ordering::Release);
    }
    result
}

fn offered() -> usize {
    KERNEL.threads.load(Ordering::Relaxed) as usize
}

/// A place in a thread where the interrupt can come.
pub fn interruptible() {
    let Some(thread) = THREAD.with(Cell::get) else {
        return;
    };
    if offered() <= thread {
        return;
    }
    let asked = KERNEL.asked.load(Ordering::Relaxed);
    if asked > KERNEL.answered[thread].load(Ordering::Relaxed) {
        full();
        KERNEL.answered[thread].store(asked, Ordering::Release);
    }
}

/// See `shipped/fences.rs`.
pub fn light() {
    interruptible();
}

/// See `shipped/fences.rs`.
pub fn full() {
    fence(Ordering::SeqCst);
}

/// See `shipped/fences.rs`.
pub fn everywhere() -> bool {
    let threads = offered();
    if threads == 0 {
        return false;
    }
    full();
    let asked = KERNEL.asked.fetch_add(1, Ordering::AcqRel) + 1;
    for answered in &KERNEL.answered[..threads] {
        while answered.load(Ordering::Acquire) < asked {
            thread::yield_now();
        }
    }
    full();
    true
}
