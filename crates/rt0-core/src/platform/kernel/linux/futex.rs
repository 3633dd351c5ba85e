//! Waits for a word to change, and wakes those that wait: futex(2).

use core::sync::atomic::{AtomicU32, Ordering};

use super::arch::nr;
use super::syscall::error::{EAGAIN, EINTR, ETIMEDOUT};
use super::time::{self, Timespec, monotonic, no_clock};
use crate::sabotage;

const PRIVATE: usize = 128;
const WAIT_BITSET_PRIVATE: usize = 9 | PRIVATE;
const WAKE_PRIVATE: usize = 1 | PRIVATE;

pub fn futex_wait(word: &AtomicU32, seen: u32, deadline: Option<u64>) -> bool {
    let deadline = deadline.filter(|_| !sabotage::NO_DEADLINE);
    if let Some(deadline) = deadline {
        if !time::is_told() && !sabotage::NO_OTHER_CLOCK {
            return no_clock::wait(word, seen, deadline);
        }
    }
    let until = deadline.map(Timespec::new);
    match time::futex_wait(word, WAIT_BITSET_PRIVATE, seen, until.as_ref()) {
        ETIMEDOUT => false,
        EINTR if sabotage::NO_INTERRUPT_CHECK => false,
        0 | EINTR | EAGAIN => true,
        _ if sabotage::NO_NAP => true,
        _ => {
            nap();
            deadline.is_none_or(|deadline| monotonic() < deadline)
        }
    }
}

/// Sleeps for a millisecond, if the kernel refuses to wait for a word. If it refuses the sleep as well, we
/// spin; the scheduler lets other threads run anyway.
fn nap() {
    time::nanosleep(&Timespec::new(1_000_000));
}

#[inline(never)]
pub fn futex_wake_all(word: &AtomicU32) {
    // SAFETY: FUTEX_WAKE uses the address as a key and does not read or write it (futex(2)).
    unsafe { syscall!(nr::FUTEX, word.as_ptr(), WAKE_PRIVATE, i32::MAX) };
}

pub fn wait_for_thread(word: &AtomicU32) {
    // Not private: the kernel's wake at the end of a thread is not private either.
    const WAIT: usize = 0;
    loop {
        // Acquire pairs with the kernel's write of the word, which comes after all that the thread did.
        let seen = word.load(Ordering::Acquire);
        if seen == 0 {
            return;
        }
        if !matches!(time::futex_wait(word, WAIT, seen, None), 0 | EINTR | EAGAIN) {
            nap();
        }
    }
}
