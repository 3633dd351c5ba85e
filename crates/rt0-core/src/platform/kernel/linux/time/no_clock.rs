//! A clock for processes in which no clock can be read: the C library and the kernel both refuse.
//!
//! Waits must still end, after about the right time. So each wait sleeps for a slice at a time, which the
//! kernel measures, and we count the slices: that is our clock. It continues from the last time that was
//! read, and stands still while no thread waits. If several threads wait at once, each sets the clock to the
//! start of its own slice plus the slice, so that it does not run faster for them.

use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use super::super::syscall::error::{EAGAIN, EINTR, ETIMEDOUT};
use super::{Timespec, futex_wait, nanosleep};

const MILLISECOND: u64 = 1_000_000;

/// The longest slice, in milliseconds.
const LONGEST: u64 = 10;

/// The time in milliseconds, as far as we know it. (A word of 32 bits wraps around after seven weeks. A wait
/// in progress then ends at once, or lasts for the next seven weeks.) Relaxed throughout: it is only a
/// number, and orders nothing. It begins as zero, so that it lies among the library's other small variables
/// and not on one more page; but the time is never zero.
static NOW: AtomicUsize = AtomicUsize::new(0);

/// Sets the clock to a time that was read.
pub fn keep(nanos: u64) {
    let now = (nanos / MILLISECOND) as usize;
    if NOW.load(Ordering::Relaxed) != now {
        NOW.store(now, Ordering::Relaxed);
    }
}

/// The time, in nanoseconds.
pub fn now() -> u64 {
    NOW.load(Ordering::Relaxed).max(1) as u64 * MILLISECOND
}

/// Sleeps while `word` is `seen`, for one slice. False if the deadline has passed.
pub fn wait(word: &AtomicU32, seen: u32, deadline: u64) -> bool {
    const WAIT_PRIVATE: usize = 128;
    let start = NOW.load(Ordering::Relaxed).max(1);
    let left = deadline.saturating_sub(start as u64 * MILLISECOND);
    if left == 0 {
        return false;
    }
    let slice = left.div_ceil(MILLISECOND).min(LONGEST);
    let time = Timespec::new(slice * MILLISECOND);
    // This operation's time is a length.
    match futex_wait(word, WAIT_PRIVATE, seen, Some(&time)) {
        ETIMEDOUT => {}
        // Woken, or the word has changed: the slice was shorter than that, or there was none.
        0 | EINTR | EAGAIN => return true,
        _ => nanosleep(&time),
    }
    NOW.fetch_max(start.wrapping_add(slice as usize), Ordering::Relaxed);
    true
}
