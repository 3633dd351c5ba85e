//! For processors on which a word holds a time.

use core::ptr::null;
use core::sync::atomic::AtomicU32;

use super::super::arch::nr;
use super::{MATCH_ANY, Timespec};
use crate::platform::weak_symbols;
use crate::sabotage;

pub fn futex_wait(word: &AtomicU32, operation: usize, seen: u32, time: Option<&Timespec>) -> isize {
    const NO_OTHER_WORD: usize = 0;
    let time = time.map_or(null(), |time| &raw const *time);
    // SAFETY: the word and the time outlive the call, by the references held here; the kernel only reads
    // them (futex(2)).
    unsafe {
        syscall!(
            nr::FUTEX,
            word.as_ptr(),
            operation,
            seen,
            time,
            NO_OTHER_WORD,
            MATCH_ANY,
        )
    }
}

pub fn clock_gettime(clock: usize) -> Option<u64> {
    let mut now = Timespec::default();
    if let Some(clock_gettime) = weak_symbols::clock_gettime().filter(|_| !sabotage::NO_OTHER_CLOCK)
    {
        // SAFETY: POSIX; on these processors its timespec is the kernel's.
        let result = unsafe { clock_gettime(clock as i32, (&raw mut now).cast()) };
        if result == 0 {
            return Some(now.as_nanos());
        }
    }
    // SAFETY: the kernel writes one timespec into `now`, which is one.
    let result = unsafe { syscall!(nr::CLOCK_GETTIME, clock, &raw mut now) };
    (result == 0).then(|| now.as_nanos())
}

pub fn nanosleep(time: &Timespec) {
    // SAFETY: the kernel reads the time; null is allowed for the time that remains.
    unsafe { syscall!(nr::NANOSLEEP, &raw const *time, null::<Timespec>()) };
}
