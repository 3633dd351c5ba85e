//! Where a time takes two words.
//!
//! The calls that take such times are there from Linux 5.1 on. Before that, and in sandboxes that do not
//! know them, there are those whose seconds end in 2038: enough for the monotonic clock, which counts
//! from the start of the machine.

use core::ptr::null;
use core::sync::atomic::AtomicU32;

use super::super::arch::nr;
use super::super::c_library::MAY_TRY_TIME64;
use super::{MATCH_ANY, Timespec};
use crate::platform::weak_symbols;
use crate::sabotage;

/// What the older calls take and give.
#[repr(C)]
#[derive(Default)]
struct OldTimespec {
    seconds: i32,
    nanos: i32,
}

impl From<&Timespec> for OldTimespec {
    fn from(time: &Timespec) -> OldTimespec {
        OldTimespec {
            // No machine runs for so long: that wait has no end.
            seconds: i32::try_from(time.seconds).unwrap_or(i32::MAX),
            nanos: time.nanos as i32,
        }
    }
}

impl From<OldTimespec> for Timespec {
    fn from(time: OldTimespec) -> Timespec {
        Timespec {
            seconds: time.seconds.into(),
            nanos: time.nanos.into(),
        }
    }
}

pub fn futex_wait(word: &AtomicU32, operation: usize, seen: u32, time: Option<&Timespec>) -> isize {
    const NO_OTHER_WORD: usize = 0;
    let new = time.map_or(null(), |time| &raw const *time);
    // SAFETY: the word and the time outlive the call, by the references held here; the kernel only reads
    // them (futex(2)).
    let result = newer(|| unsafe {
        syscall!(
            nr::FUTEX_TIME64,
            word.as_ptr(),
            operation,
            seen,
            new,
            NO_OTHER_WORD,
            MATCH_ANY,
        )
    });
    if !is_unknown(result) {
        return result;
    }
    let old = time.map(OldTimespec::from);
    let old = old.as_ref().map_or(null(), |time| &raw const *time);
    // SAFETY: likewise; `old` leads to what lives as long as the call.
    unsafe {
        syscall!(
            nr::FUTEX,
            word.as_ptr(),
            operation,
            seen,
            old,
            NO_OTHER_WORD,
            MATCH_ANY,
        )
    }
}

pub fn clock_gettime(clock: usize) -> Option<Timespec> {
    let mut now = Timespec::default();
    let mut old = OldTimespec::default();
    // By this name the C libraries of these processors have the one with the older times.
    if let Some(clock_gettime) = weak_symbols::clock_gettime().filter(|_| !sabotage::NO_OTHER_CLOCK)
    {
        // SAFETY: POSIX; `old` is a timespec of its kind.
        let result = unsafe { clock_gettime(clock as i32, (&raw mut old).cast()) };
        if result == 0 {
            return Some(old.into());
        }
    }
    // SAFETY: the kernel writes one timespec of its kind into `now`, which is one.
    let result = newer(|| unsafe { syscall!(nr::CLOCK_GETTIME64, clock, &raw mut now) });
    if !is_unknown(result) {
        return (result == 0).then_some(now);
    }
    // SAFETY: likewise, into `old`.
    let result = unsafe { syscall!(nr::CLOCK_GETTIME, clock, &raw mut old) };
    (result == 0).then(|| old.into())
}

pub fn nanosleep(time: &Timespec) {
    let time = OldTimespec::from(time);
    // SAFETY: the kernel reads the time; null is allowed for what is left of it.
    unsafe { syscall!(nr::NANOSLEEP, &raw const time) };
}

const ENOSYS: isize = -38;

/// Makes a call of the newer kind, where a try does no harm.
fn newer(call: impl FnOnce() -> isize) -> isize {
    if MAY_TRY_TIME64 { call() } else { ENOSYS }
}

/// Whether the kernel does not know the call, or a sandbox says so in its own way.
fn is_unknown(result: isize) -> bool {
    const EPERM: isize = -1;
    result == ENOSYS || result == EPERM
}
