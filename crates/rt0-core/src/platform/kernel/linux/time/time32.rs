//! For processors on which a 64-bit time takes two words.
//!
//! Linux has calls with 64-bit times from 5.1 on. Before that, and in sandboxes that do not know them, we use
//! the older calls, whose seconds end in 2038. That is enough for the monotonic clock, which starts with the
//! machine.

use core::ptr::null;
use core::sync::atomic::AtomicU32;

use super::super::arch::nr;
use super::super::c_library::MAY_TRY_TIME64;
use super::{MATCH_ANY, Timespec};
use crate::platform::weak_symbols;
use crate::sabotage;

/// The time that the older calls use.
#[repr(C)]
#[derive(Default)]
struct OldTimespec {
    seconds: i32,
    nanos: i32,
}

impl From<&Timespec> for OldTimespec {
    fn from(time: &Timespec) -> OldTimespec {
        OldTimespec {
            // No machine runs for that long, so this is a wait without end.
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
    // SAFETY: likewise; what `old` points to outlives the call.
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

pub fn clock_gettime(clock: usize) -> Option<u64> {
    let mut now = Timespec::default();
    let mut old = OldTimespec::default();
    // On these processors, the C library's function of this name uses the older times.
    if let Some(clock_gettime) = weak_symbols::clock_gettime().filter(|_| !sabotage::NO_OTHER_CLOCK)
    {
        // SAFETY: POSIX; `old` is the timespec that it uses.
        let result = unsafe { clock_gettime(clock as i32, (&raw mut old).cast()) };
        if result == 0 {
            return Some(Timespec::from(old).as_nanos());
        }
    }
    // SAFETY: the kernel writes one timespec with 64-bit fields into `now`, which is one.
    let result = newer(|| unsafe { syscall!(nr::CLOCK_GETTIME64, clock, &raw mut now) });
    if !is_unknown(result) {
        return (result == 0).then(|| now.as_nanos());
    }
    // SAFETY: the kernel writes one of the older timespecs into `old`, which is one.
    let result = unsafe { syscall!(nr::CLOCK_GETTIME, clock, &raw mut old) };
    (result == 0).then(|| Timespec::from(old).as_nanos())
}

pub fn nanosleep(time: &Timespec) {
    let time = OldTimespec::from(time);
    // SAFETY: the kernel reads the time; null is allowed for the time that remains.
    unsafe { syscall!(nr::NANOSLEEP, &raw const time, null::<Timespec>()) };
}

const ENOSYS: isize = -38;

/// Makes a newer call, if trying it does no harm.
fn newer(call: impl FnOnce() -> isize) -> isize {
    if MAY_TRY_TIME64 { call() } else { ENOSYS }
}

/// Whether the kernel does not know the call, or a sandbox refuses it, which may be by `EPERM`.
fn is_unknown(result: isize) -> bool {
    const EPERM: isize = -1;
    result == ENOSYS || result == EPERM
}
