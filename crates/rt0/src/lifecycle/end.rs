//! The end of the library, for those who write their own hooks in Rust.

use std::time::Duration;

use rt0_core::{Status, this_library};

use crate::error::{self, Error};
use crate::failure::{Failure, forked};
use crate::runtime::panic;
use crate::shutdown::shut_down;

/// Ends the library: `NAME_shutdown`, from Rust.
///
/// Main is told to stop, exit runs, the runtime ends and the state is dropped; a later call boots afresh. When
/// this returns `Ok`, no thread of the library's runs any more, and none calls back; nor is any of the host's
/// inside a call that uses the state, a handle or the runtime. `None` waits for as long as it takes. Where there is
/// nothing to end, it is `Ok` at once.
///
/// It is for the hook by which a virtual machine says that it ends (`atexit` of a PyO3 module, a cleanup hook
/// of node's, a shutdown hook of the JVM), for that is over *before* C's `exit` tells the library. Call it
/// there with the machine's lock released (`Python::detach`): a task that calls back waits for that lock, and
/// the shutdown waits for the task.
///
/// From any thread but the library's own, and outside its calls: not in a function with
/// `#[rt0::export]` or `#[rt0::gated]`. A `pthread_cancel` of this thread waits until it is over.
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
/// - [`Status::WouldDeadlock`]: on a thread of the library's own (its workers, main, exit), inside one of its
///   calls, in init, inside the `dlopen` that loads it, and under Windows' loader lock.
/// - [`Status::TimedOut`]: calls are still inside, and the library keeps working as before; or its main has not
///   ended, a boot is under way, or another thread is shutting it down: the text says which.
/// - [`Status::EndedBadly`]: it is over, but exit, a destructor or a busy thread went wrong in it.
/// - [`Status::Stopped`]: the process exits, and ends it.
/// - [`Status::Forked`]: this is a child in which nothing can be done.
/// - [`Status::Panicked`]: tokio, say, refused to end inside async code of another runtime.
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
