//! Clocks and waits with an end where a word holds a time.

use core::ptr::null_mut;

use super::Timespec;
use super::arch::{nr, syscall};
use crate::platform::weak_symbols;
use crate::sabotage;

/// futex(2).
///
/// # Safety
/// As the manual says of these arguments.
pub unsafe fn futex(args: [usize; 6]) -> isize {
    // SAFETY: passed on to our caller.
    unsafe { syscall(nr::FUTEX, args) }
}

/// clock_gettime(2): the C library's, which finds most clocks in memory, or the kernel's. `None`: both refuse.
pub fn clock_gettime(clock: usize) -> Option<Timespec> {
    let mut now = Timespec::default();
    if let Some(clock_gettime) = weak_symbols::clock_gettime().filter(|_| !sabotage::NO_OTHER_CLOCK)
    {
        // SAFETY: POSIX; here its times are those of the kernel.
        let result = unsafe { clock_gettime(clock as i32, (&raw mut now).cast()) };
        if result == 0 {
            return Some(now);
        }
    }
    // SAFETY: the kernel writes one timespec into `now`, which is one.
    let result = unsafe {
        syscall(
            nr::CLOCK_GETTIME,
            [clock, &raw mut now as usize, 0, 0, 0, 0],
        )
    };
    (result == 0).then_some(now)
}

/// nanosleep(2), as long as nothing interrupts it.
pub fn nanosleep(time: &Timespec) {
    let rest = null_mut::<Timespec>();
    // SAFETY: the kernel reads the time; null is allowed for what is left of it.
    unsafe {
        syscall(
            nr::NANOSLEEP,
            [&raw const *time as usize, rest as usize, 0, 0, 0, 0],
        )
    };
}
