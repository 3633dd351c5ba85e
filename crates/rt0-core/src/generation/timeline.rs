//! When each step happened: the times that a report shows.

use core::sync::atomic::{AtomicU32, Ordering};

use rt0_abi::line;

use crate::platform::kernel;

/// A step of a load or a boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The constructor was entered.
    Constructor,
    /// The constructor is about to return.
    Returned,
    /// The boot thread has begun to run.
    Thread,
    /// The boot thread has passed the loader barrier: the `dlopen` that loads the library is over.
    Barrier,
    /// A thread has claimed the boot.
    Claimed,
    /// The async runtime is built.
    Runtime,
    /// The author's init has returned.
    Init,
    /// The boot is done, or has failed.
    Ready,
    /// The first call has come through the gate.
    Called,
}

impl Mark {
    /// Every mark, in the order in which they are usually set.
    pub const ALL: [Mark; 9] = [
        Mark::Constructor,
        Mark::Returned,
        Mark::Thread,
        Mark::Barrier,
        Mark::Claimed,
        Mark::Runtime,
        Mark::Init,
        Mark::Ready,
        Mark::Called,
    ];

    /// The mark's name in a report.
    pub const fn name(self) -> &'static str {
        const NAMES: &str =
            "constructor\nreturned\nthread\nbarrier\nclaimed\nruntime\ninit\nready\ncalled";
        line(NAMES, self as usize)
    }
}

/// A time in two words, because not every processor has 64-bit atomics.
#[repr(C)]
pub(super) struct Time {
    high: AtomicU32,
    low: AtomicU32,
}

impl Time {
    /// No time yet.
    #[cfg(test)]
    pub(super) const fn never() -> Time {
        Time {
            high: AtomicU32::new(0),
            low: AtomicU32::new(0),
        }
    }

    /// In nanoseconds of the monotonic clock.
    pub(super) fn get(&self) -> Option<u64> {
        // Acquire pairs with the Release in `put`: if the low half is there, so is the high half.
        let low = self.low.load(Ordering::Acquire);
        let high = self.high.load(Ordering::Relaxed);
        (low != 0).then_some(u64::from(high) << 32 | u64::from(low))
    }

    pub(super) fn put(&self, nanos: u64) {
        self.high.store((nanos >> 32) as u32, Ordering::Relaxed);
        // The lowest bit is always set, because zero means "not yet". Release pairs with the Acquire in
        // `get`.
        self.low.store(nanos as u32 | 1, Ordering::Release);
    }
}

/// The times of one generation. All-zero bytes are a timeline without marks.
#[repr(transparent)]
pub struct Timeline([Time; Mark::ALL.len()]);

impl Timeline {
    /// Records that this step happened now.
    pub fn set(&self, mark: Mark) {
        self.0[mark as usize].put(kernel::monotonic());
    }

    /// When the step happened, in nanoseconds of the monotonic clock.
    pub fn get(&self, mark: Mark) -> Option<u64> {
        self.0[mark as usize].get()
    }

    /// Clears the marks of the generation before. The boot thread of the next one may have begun already: its marks
    /// are later than the end of the boot before.
    pub fn begin_generation(&self) {
        let before = self.get(Mark::Ready);
        // Those before `Thread` are of the load.
        for mark in Mark::Thread as usize..self.0.len() {
            let is_early = mark <= Mark::Barrier as usize && self.0[mark].get() > before;
            if !is_early {
                self.0[mark].low.store(0, Ordering::Relaxed);
            }
        }
    }
}
