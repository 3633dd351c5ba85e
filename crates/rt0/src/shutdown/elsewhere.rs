//! A shutdown on a thread of its own, for the thread that has called `exit`.
//!
//! If the exit of the process found calls inside, it has left the generation, and a later handler of the
//! host's may shut it down. By then the library's thread-locals are gone on this thread: tokio's as well,
//! without which the author's exit can't run, nor the runtime end.

use std::ffi::c_void;
use std::ptr::null_mut;

use rt0_core::platform::thread;
use rt0_core::{Library, sabotage};

use super::STACK;
use crate::config::read::is_quiet;
use crate::failure::Failure;
use crate::in_flight;
use crate::runtime::panic;

/// How the work ended, or the text of its panic.
type Ended = Result<Result<(), Failure>, String>;

/// Whether this thread must leave a shutdown to another. A quiet library makes no thread.
pub(super) fn is_needed(library: &Library) -> bool {
    in_flight::is_ending_process_here() && !is_quiet(library) && !sabotage::NO_SHUTDOWN_ELSEWHERE
}

/// Runs this on another thread, and waits for it. `None`: no thread can be made, and it has not run.
pub(super) fn run(work: &(impl Fn() -> Result<(), Failure> + Sync)) -> Option<Ended> {
    let mut job = Job { work, ended: None };
    let data = (&raw mut job).cast();
    let handle = thread::create(run_job, data, STACK).ok()?;
    // SAFETY: the thread was just made, and is joined once.
    unsafe { thread::join(handle) };
    job.ended
}

struct Job<'a> {
    work: &'a (dyn Fn() -> Result<(), Failure> + Sync),
    ended: Option<Ended>,
}

extern "C" fn run_job(job: *mut c_void) -> *mut c_void {
    // SAFETY: `run` passes a job, and leaves it alone until it has joined this thread.
    let job = unsafe { &mut *job.cast::<Job<'_>>() };
    job.ended = Some(panic::caught(job.work));
    null_mut()
}
