//! The gate for authors who have a binding generator already.

use std::time::Duration;

use rt0_core::sync::Deadline;
use rt0_core::{Library, Status, boot, generation, this_library};

use crate::Error;
use crate::generation::Generation;
use crate::inflight::Inside;
use crate::state::{IsState, State};

/// Waits until the library is ready, and keeps it so for as long as the answer is held.
///
/// `None` waits as long as the library's own setting says (30 seconds unless its author chose
/// otherwise); a `Some` of zero asks and does not wait. From any thread; not from a signal handler.
///
/// ```no_run
/// # use std::time::Duration;
/// fn hand_written() -> Result<(), rt0::Error> {
///     let here = rt0::ready(Some(Duration::from_secs(5)))?;
///     // The runtime and the state are there until `here` is dropped.
///     drop(here);
///     Ok(())
/// }
/// ```
///
/// # Errors
/// Whatever keeps the library from being ready; its text is for the host's programmer.
#[inline(always)]
pub fn ready(deadline: Option<Duration>) -> Result<Ready, Error> {
    loop {
        if let Some(inside) = Inside::enter(generation::is_ready) {
            return Ok(Ready { inside });
        }
        wait(deadline)?;
    }
}

#[cold]
fn wait(deadline: Option<Duration>) -> Result<(), Error> {
    let library = this_library().map_err(|status| refusal(None, status))?;
    pass(library, deadline)
}

/// Begins the boot if nobody has, and does not wait for it.
///
/// For a program that has the library's crate among its dependencies, and for the policy `manual`.
///
/// # Errors
/// There is no `#[rt0::init]`, or the operating system gives no thread.
pub fn start() -> Result<(), Error> {
    let library = this_library().map_err(|status| refusal(None, status))?;
    boot::start(library).map_err(|status| refusal(Some(library), status))
}

/// The library is ready. A shutdown waits until this is dropped, on the thread that got it.
#[must_use = "the library may be shut down once this is dropped"]
pub struct Ready {
    /// This thread's own announcement: it keeps `Ready` on the thread, too.
    #[expect(dead_code, reason = "held for its drop")]
    inside: Inside,
}

impl Ready {
    /// The library's state.
    pub fn state<T: IsState>(&self) -> State<'_, T> {
        self.generation().state()
    }

    pub(crate) fn generation(&self) -> &Generation {
        // SAFETY: `inside` holds a shutdown off.
        unsafe { Generation::present() }.expect("a gate that is open has a generation")
    }
}

/// The cold half of every gate of this crate.
#[cold]
pub(crate) fn pass(library: &'static Library, deadline: Option<Duration>) -> Result<(), Error> {
    let deadline = match deadline {
        None => boot::default_deadline(library),
        Some(time) => boot::after(time),
    };
    pass_until(library, deadline)
}

/// The same, with the core's own kind of deadline.
#[cold]
pub(crate) fn pass_until(library: &'static Library, deadline: Deadline) -> Result<(), Error> {
    rt0_core::pass(library, deadline).map_err(|status| refusal(Some(library), status))
}

/// rt0's own error, with the words of whoever made boot fail.
pub(crate) fn refusal(library: Option<&Library>, status: Status) -> Error {
    let name = library.map_or("rt0", |library| library.name);
    let failure = (status == Status::BootFailed).then(boot_failure).flatten();
    match failure {
        Some(failure) => Error::new(status, format!("{name}: start-up failed: {failure}")),
        // Nothing is allocated on the way to the status `Forked`.
        None => Error::of(name, status),
    }
}

/// The text of a boot that failed.
fn boot_failure() -> Option<String> {
    use rt0_core::gate::State;
    let failed = || generation::page().gate.state() == State::Failed;
    let _inside = Inside::enter(failed)?;
    // SAFETY: `_inside` holds off the shutdown that would take a failed generation away.
    unsafe { Generation::present() }?.failure.clone()
}

/// What `#[rt0::gated]` puts in front of a function that returns `Result`.
#[inline(always)]
pub fn gate() -> Result<Ready, Error> {
    ready(None)
}

/// The error of a function with `#[rt0::gated]`, made from ours.
#[cold]
pub fn own<E: From<Error>>(error: Error) -> E {
    error.into()
}

/// Tells the closure of `#[rt0::gated(or_else = ...)]` what it is given.
pub fn made_from<T>(error: Error, make: impl FnOnce(Error) -> T) -> T {
    make(error)
}
