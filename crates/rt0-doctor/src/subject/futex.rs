//! Waits for a number in memory: between threads, and on a board's memory between processes.

use std::sync::atomic::{AtomicU32, Ordering};

/// Waits until the number is at least that.
pub fn wait_until(place: &AtomicU32, value: u32) {
    loop {
        // Acquire: pairs with the release in `set`.
        let now = place.load(Ordering::Acquire);
        if now >= value {
            return;
        }
        // SAFETY: futex(2) reads the number, which lives as long as the borrow; without a timeout.
        unsafe {
            libc::syscall(
                libc::SYS_futex,
                place.as_ptr(),
                libc::FUTEX_WAIT,
                now,
                0usize,
            )
        };
    }
}

/// Sets the number and wakes all who wait for it.
pub fn set(place: &AtomicU32, value: u32) {
    // Release: pairs with the acquire in `wait_until`.
    place.store(value, Ordering::Release);
    // SAFETY: futex(2) only takes the address.
    unsafe { libc::syscall(libc::SYS_futex, place.as_ptr(), libc::FUTEX_WAKE, i32::MAX) };
}
