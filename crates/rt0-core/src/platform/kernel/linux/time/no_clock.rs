//! Where nobody tells the time: neither the C library nor the kernel.
//!
//! Waits must end all the same, in about the time that was asked for. So each one sleeps for a slice at a
//! time, which the kernel measures, and the slices are counted: that is the clock. It goes on from the time
//! that was known last, and stands still while nobody waits. Of threads that wait at the same time each says
//! from when to when it has slept, so that the clock does not go faster for them.

use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use super::super::syscall::error::{EAGAIN, EINTR, ETIMEDOUT};
use super::{Timespec, futex_wait, nanosleep};

const MILLISECOND: u64 = 1_000_000;

/// The longest slice, in milliseconds.
const LONGEST: u64 = 10;

/// The time, in milliseconds, as far as it is known. (A word of 32 bits begins anew after seven weeks. A
/// wait that goes on meanwhile is over then, or sleeps through the next seven.) Relaxed throughout: it is a
/// number and says nothing about anything else.
static NOW: AtomicUsize = AtomicUsize::new(1);

/// Keeps a time that somebody has told.
pub fn keep(nanos: u64) {
    let now = (nanos / MILLISECOND) as usize;
    if NOW.load(Ordering::Relaxed) != now {
        NOW.store(now, Ordering::Relaxed);
    }
}

/// The time, in nanoseconds.
pub fn now() -> u64 {
    NOW.load(Ordering::Relaxed) as u64 * MILLISECOND
}

/// Sleeps while `word` is `seen`, for one slice. False when the deadline has passed.
pub fn wait(word: &AtomicU32, seen: u32, deadline: u64) -> bool {
    const WAIT_PRIVATE: usize = 128;
    let start = NOW.load(Ordering::Relaxed);
    let left = deadline.saturating_sub(start as u64 * MILLISECOND);
    if left == 0 {
        return false;
    }
    let slice = left.div_ceil(MILLISECOND).min(LONGEST);
    let time = Timespec::new(slice * MILLISECOND);
    // Of this operation the time is a length.
    match futex_wait(word, WAIT_PRIVATE, seen, Some(&time)) {
        ETIMEDOUT => {}
        // Woken, or the word is another: the slice was shorter, or there was none.
        0 | EINTR | EAGAIN => return true,
        _ => nanosleep(&time),
    }
    NOW.fetch_max(start.wrapping_add(slice as usize), Ordering::Relaxed);
    true
}
