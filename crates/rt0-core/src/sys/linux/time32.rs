//! Clocks and waits with an end where a time takes two words.
//!
//! The calls that take such times are there from Linux 5.1 on. Before that, and in sandboxes that do not
//! know them, there are those whose seconds end in 2038: enough for the monotonic clock, which counts
//! from the start of the machine.

use super::Timespec;
use super::arch::{nr, syscall};
use super::c_library::MAY_TRY_TIME64;

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

/// clock_gettime(2).
pub fn clock_gettime(clock: usize) -> Timespec {
    let mut now = Timespec::default();
    let mut old = OldTimespec::default();
    // SAFETY: the kernel writes one timespec of its kind into `now` or `old`, which are such.
    unsafe {
        let result = newer(
            nr::CLOCK_GETTIME64,
            [clock, &raw mut now as usize, 0, 0, 0, 0],
        );
        if is_unknown(result) {
            syscall(
                nr::CLOCK_GETTIME,
                [clock, &raw mut old as usize, 0, 0, 0, 0],
            );
            now.seconds = old.seconds.into();
            now.nanos = old.nanos.into();
        }
    }
    now
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
