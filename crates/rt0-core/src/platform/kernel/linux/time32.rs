//! Clocks and waits with an end where a time takes two words.
//!
//! The calls that take such times are there from Linux 5.1 on. Before that, and in sandboxes that do not
//! know them, there are those whose seconds end in 2038: enough for the monotonic clock, which counts
//! from the start of the machine.

use super::Timespec;
use super::arch::{nr, syscall};
use super::c_library::MAY_TRY_TIME64;
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

/// futex(2), waiting operations, whose fourth argument is null or a [`Timespec`].
///
/// # Safety
/// As the manual says of these arguments.
pub unsafe fn futex(args: [usize; 6]) -> isize {
    // SAFETY: passed on to our caller.
    let result = unsafe { newer(nr::FUTEX_TIME64, args) };
    if !is_unknown(result) {
        return result;
    }
    // SAFETY: our caller says so.
    let until = unsafe { (args[3] as *const Timespec).as_ref() }.map(OldTimespec::from);
    let mut args = args;
    args[3] = until.as_ref().map_or(0, |until| &raw const *until as usize);
    // SAFETY: passed on to our caller; `until` lives as long as the call.
    unsafe { syscall(nr::FUTEX, args) }
}

/// clock_gettime(2): the C library's, which finds most clocks in memory, or the kernel's. `None`: both refuse.
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
    // SAFETY: the kernel writes one timespec of its kind into `now` or `old`, which are such.
    unsafe {
        let result = newer(
            nr::CLOCK_GETTIME64,
            [clock, &raw mut now as usize, 0, 0, 0, 0],
        );
        if !is_unknown(result) {
            return (result == 0).then_some(now);
        }
        let result = syscall(
            nr::CLOCK_GETTIME,
            [clock, &raw mut old as usize, 0, 0, 0, 0],
        );
        (result == 0).then(|| old.into())
    }
}

/// nanosleep(2), as long as nothing interrupts it.
pub fn nanosleep(time: &Timespec) {
    let time = OldTimespec::from(time);
    // SAFETY: the kernel reads the time; null is allowed for what is left of it.
    unsafe { syscall(nr::NANOSLEEP, [&raw const time as usize, 0, 0, 0, 0, 0]) };
}

/// Makes a call of the newer kind, where a try does no harm.
///
/// # Safety
/// As [`syscall`].
unsafe fn newer(number: usize, args: [usize; 6]) -> isize {
    if !MAY_TRY_TIME64 {
        return ENOSYS;
    }
    // SAFETY: passed on to our caller.
    unsafe { syscall(number, args) }
}

const ENOSYS: isize = -38;

/// Whether the kernel does not know the call, or a sandbox says so in its own way.
fn is_unknown(result: isize) -> bool {
    const EPERM: isize = -1;
    result == ENOSYS || result == EPERM
}
