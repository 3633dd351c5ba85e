//! Clocks and waits with an end where a word holds a time.

use super::Timespec;
use super::arch::{nr, syscall};

/// futex(2).
///
/// # Safety
/// As the manual says of these arguments.
pub unsafe fn futex(args: [usize; 6]) -> isize {
    // SAFETY: passed on to our caller.
    unsafe { syscall(nr::FUTEX, args) }
}

/// clock_gettime(2).
pub fn clock_gettime(clock: usize) -> Timespec {
    let mut now = Timespec::default();
    // SAFETY: the kernel writes one timespec into `now`, which is one.
    unsafe {
        syscall(
            nr::CLOCK_GETTIME,
            [clock, &raw mut now as usize, 0, 0, 0, 0],
        )
    };
    now
}
