//! The fences for the model checker.
//!
//! `membarrier(2)` interrupts every processor that runs a thread of the process, has it execute a full fence
//! wherever it happens to be, and returns when all have done so. A thread that is not running went through a
//! fence when it was taken off its processor. The model does the same with what loom knows. [`everywhere`]
//! asks for a fence. Every thread answers with one at any of the [`interruptible`] places that it passes, or
//! by ending. `everywhere` waits for all answers. So the fence may come before, between or after a call's
//! accesses, and a call executes none unless a shutdown asked for it.
//!
//! The model takes the kernel's promise on trust: that the fence is a full one, on both sides.

use core::cell::Cell;

use loom::sync::atomic::{AtomicU32, Ordering, fence};
use loom::thread;

/// The most threads that a model has besides the first.
const MOST: usize = 3;
const ENDED: u32 = u32::MAX;

struct Kernel {
    /// How many threads can be interrupted; 0 if the kernel refuses.
    threads: AtomicU32,
    /// How many fences were asked for.
    asked: AtomicU32,
    /// The last request that each thread has answered, or [`ENDED`].
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

/// The kernel offers the fence, and `threads` threads will run. Call this before they are made.
pub fn offer(threads: usize) {
    assert!(threads <= MOST);
    KERNEL.threads.store(threads as u32, Ordering::Relaxed);
}

/// Runs `run` as one of these threads.
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

/// A place in a thread where the interrupt can happen.
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
