//! How much a subject may do.

use std::io;

/// How many bytes it may print.
pub const OUTPUT: u64 = 64 << 20;

/// How many of them are kept: the last.
pub const KEPT: usize = 16 << 10;

/// How many processes it may have at once.
pub const PROCESSES: usize = 400;

/// How many threads and processes a user who is not root may have beyond those that he has: the kernel stops a storm
/// before the keeper has seen it.
const TASKS: u64 = 4000;

/// After how many new threads and processes in the whole system the keeper counts those below it.
pub const NOTABLE: u64 = 300;

/// The largest file that it may write.
const FILE: u64 = 1 << 30;

/// Sets the limits of this process. A fork's child calls it before it becomes the subject.
///
/// # Errors
/// The system refuses.
pub fn set(tasks_now: u64) -> io::Result<()> {
    lower(libc::RLIMIT_FSIZE, FILE)?;
    // For root the kernel does not count.
    lower(libc::RLIMIT_NPROC, tasks_now + TASKS)
}

/// From now on neither this process nor any below it, a debugger for one, leaves a file when it crashes.
///
/// # Errors
/// The system refuses.
pub fn leave_no_core() -> io::Result<()> {
    lower(libc::RLIMIT_CORE, 0)
}

fn lower(which: libc::__rlimit_resource_t, to: u64) -> io::Result<()> {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: getrlimit(2) writes the structure that it is given.
    if unsafe { libc::getrlimit(which, &raw mut limit) } != 0 {
        return Err(io::Error::last_os_error());
    }
    limit.rlim_cur = limit.rlim_cur.min(to as libc::rlim_t);
    // SAFETY: setrlimit(2) only reads the structure.
    match unsafe { libc::setrlimit(which, &raw const limit) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
