//! `rt0::shutdown`, for authors who write their own shutdown hooks in Rust.

use std::time::Duration;

use rt0_core::library::settings;
use rt0_core::{Status, this_library};

use crate::error::{self, Error};
use crate::failure::{Failure, forked};
use crate::runtime::panic;
use crate::shutdown::shut_down;

/// Ends the library. This is `NAME_shutdown` for callers in Rust.
///
/// Main is told to stop, exit runs, the runtime ends and the state is dropped. A later call boots again. When
/// this returns `Ok`, none of the library's threads runs or calls back any more, no thread of the host is inside a
/// call that uses the state, a handle or the runtime, and nobody holds an [`rt0::SharedReady`](crate::SharedReady). With a `timeout` of `None` it waits as long as
/// it takes. If there is nothing to end, it returns `Ok` at once.
///
/// Use it in the hook that a virtual machine runs when it ends: `atexit` in a PyO3 module, a cleanup hook in
/// Node, a shutdown hook in the JVM. The virtual machine is gone *before* C's `exit` tells the library. Call
/// it with the virtual machine's lock released (`Python::detach`): a task that calls back waits for that
/// lock, and the shutdown waits for the task.
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

/// How long the end of the process, or of a host's virtual machine, may wait for the library's orderly end: the
/// option `exit_timeout` of [`macro@crate::init`], or what the host's environment says instead.
///
/// It is the timeout for [`shutdown`] in a hook that runs when a virtual machine ends. Without an init there is
/// nothing to wait for: zero.
///
/// ```no_run
/// extern "C" fn when_the_machine_ends() {
///     let _ = rt0::shutdown(Some(rt0::exit_timeout()));
/// }
/// ```
pub fn exit_timeout() -> Duration {
    this_library().map_or(Duration::ZERO, |library| {
        Duration::from_millis(settings::of(library).exit_ms.into())
    })
}
