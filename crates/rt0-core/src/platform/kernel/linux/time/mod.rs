//! Clocks, sleeps, and waits with a deadline. The calls that take a time depend on the word size: `time64.rs`
//! and `time32.rs` have the same names.

#[cfg(target_pointer_width = "32")]
mod time32;
#[cfg(target_pointer_width = "64")]
mod time64;

cfg_select! {
    target_pointer_width = "32" => { use self::time32 as calls; }
    _ => { use self::time64 as calls; }
}

pub mod no_clock;

use core::sync::atomic::AtomicU32;

use crate::sabotage;

const CLOCK_MONOTONIC: usize = 1;

contract! { pub use calls:
    /// futex(2), with an operation that waits. Returns the kernel's result. Whether `time` is a length or a
    /// point on the monotonic clock depends on the operation.
    pub fn futex_wait(word: &AtomicU32, operation: usize, seen: u32, time: Option<&Timespec>) -> isize;
    /// nanosleep(2). A signal may end it early; nobody is told what remains.
    pub fn nanosleep(time: &Timespec);
}

contract! { calls:
    /// clock_gettime(2): the C library's, which reads most clocks from memory, or the kernel's. In nanoseconds.
    /// `None` if both refuse.
    fn clock_gettime(clock: usize) -> Option<u64>;
}

/// `FUTEX_BITSET_MATCH_ANY`: any wake wakes it. Operations without a bit set ignore this.
const MATCH_ANY: u32 = u32::MAX;

/// The kernel's time, with 64 bits on every processor.
#[repr(C)]
#[derive(Default)]
pub struct Timespec {
    seconds: i64,
    nanos: i64,
}

impl Timespec {
    pub fn new(nanos: u64) -> Timespec {
        Timespec {
            seconds: (nanos / 1_000_000_000) as i64,
            nanos: (nanos % 1_000_000_000) as i64,
        }
    }

    fn as_nanos(&self) -> u64 {
        self.seconds as u64 * 1_000_000_000 + self.nanos as u64
    }
}

/// Whether a clock can be read: the C library's or the kernel's.
pub fn is_told() -> bool {
    calls::clock_gettime(CLOCK_MONOTONIC).is_some()
}

/// If no clock can be read, this is the last time that was read, plus what waits have slept since.
#[inline(never)]
pub fn monotonic() -> u64 {
    match calls::clock_gettime(CLOCK_MONOTONIC) {
        Some(now) => {
            no_clock::keep(now);
            now
        }
        None if sabotage::NO_OTHER_CLOCK => 0,
        None => no_clock::now(),
    }
}
