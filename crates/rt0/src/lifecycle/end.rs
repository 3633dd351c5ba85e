//! `rt0::shutdown` and `rt0::end`, for authors who write their own hooks in Rust.

use std::time::Duration;

use rt0_core::{Status, this_library};

use crate::error::{self, Error};
use crate::exit;
use crate::failure::{Failure, forked};
use crate::runtime::panic;
use crate::shutdown::{check_caller, shut_down};

/// Ends the library. This is `NAME_shutdown` for callers in Rust.
///
/// Main is told to stop, exit runs, the runtime ends and the state is dropped. A later call boots again. When
/// this returns `Ok`, none of the library's threads runs or calls back any more, no thread of the host is inside a
/// call that uses the state, a handle or the runtime, and nobody holds an [`rt0::SharedReady`](crate::SharedReady).
/// With a `timeout` of `None` it waits as long as it takes. If there is nothing to end, it returns `Ok` at once.
///
/// For the hook that a virtual machine runs when it ends, and the process with it, there is [`end()`].
///
/// Call it from any thread but the library's own, and outside the library's calls: not in a function with
/// `#[rt0::export]` or `#[rt0::gated]`, nor while you hold an [`rt0::SharedReady`](crate::SharedReady), as an
/// `async fn` with `#[rt0::gated]` does: it would wait for that until its timeout. A `pthread_cancel` of this
/// thread takes effect only after it returns.
///
/// ```no_run
/// use std::time::Duration;
///
/// extern "C" fn when_the_machine_ends() {
///     if let Err(error) = rt0::shutdown(Some(Duration::from_secs(2))) {
///         eprintln!("{error}");
///     }
/// }
/// ```
///
/// # Errors
/// - [`Status::WouldDeadlock`]: called on one of the library's own threads (its workers, main, exit), inside
///   one of its calls, in init, inside the `dlopen` that loads it, or under Windows' loader lock.
/// - [`Status::TimedOut`]: threads are still inside calls, and the library keeps working as before; or main
///   has not ended, a boot is under way, or another thread is shutting the library down. The text says which.
/// - [`Status::EndedBadly`]: the library has ended, but exit or a destructor failed, or a thread was still
///   busy, or the state was leaked.
/// - [`Status::Stopped`]: the process is exiting, and the exit ends the library.
/// - [`Status::Forked`]: this is a fork's child in which nothing can be done.
/// - [`Status::Panicked`]: something panicked. For example, tokio refuses to end inside async code of another
///   runtime.
pub fn shutdown(timeout: Option<Duration>) -> Result<(), Error> {
    let library = this_library().map_err(|status| error::refusal(None, status))?;
    forked::check(library)?;
    match panic::caught(|| shut_down(library, timeout)) {
        Ok(result) => result.map_err(Failure::into_error),
        Err(text) => {
            let failure = Failure::of_lifecycle("shutdown", Status::Panicked, &text);
            Err(failure.into_error())
        }
    }
}

/// Ends the library for good, because the host's virtual machine ends: what the exit of the process would do, now.
///
/// Calls of other threads get half of the time to leave. Main is told to stop, exit runs, the runtime ends and the
/// state is dropped, as in a [`shutdown()`]. But the gate stays closed, whatever happens: later calls get
/// [`Status::Stopped`], and none boots again. A call that is waiting for the boot gets that when the boot ends, or
/// its own deadline comes; in async code, at once. The exit of the process then has nothing left to do, and does not
/// wait for threads that the virtual machine has stopped inside a call. Without a `timeout` it takes as long as that
/// exit may: `exit_timeout` of `#[rt0::init]`, or `RT0_EXIT_TIMEOUT`.
///
/// Call it in the hook that the virtual machine runs when it ends: `atexit` in a Python module, a shutdown hook in
/// the JVM. After that the machine stops or kills threads that call back, and only later C's `exit` tells the
/// library. Call it with the machine's lock released (`Python::detach`): a task that calls back waits for that lock,
/// and this waits for the task. In a fork's child the library can boot again.
///
/// # Errors
/// - [`Status::TimedOut`]: threads are still inside calls, or main has not ended, or a function of the host's that a
///   callback queue or an event has called has not returned. The library stays closed.
/// - [`Status::WouldDeadlock`], [`Status::Forked`]: as [`shutdown()`].
pub fn end(timeout: Option<Duration>) -> Result<(), Error> {
    let library = this_library().map_err(|status| error::refusal(None, status))?;
    forked::check(library)?;
    check_caller("end").map_err(Failure::into_error)?;
    let fail = |status, text| Err(Failure::of_lifecycle("end", status, text).into_error());
    match panic::caught(|| exit::ahead(library, timeout)) {
        Ok(Ok(true)) => Ok(()),
        Ok(Err(text)) => fail(Status::TimedOut, &text),
        Ok(Ok(false)) => fail(
            Status::TimedOut,
            "threads are still inside calls, or main has not ended, or another thread is at this; the library \
             stays closed",
        ),
        Err(text) => fail(Status::Panicked, &text),
    }
}
