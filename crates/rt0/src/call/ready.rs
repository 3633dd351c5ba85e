//! The gate for authors who use a binding generator of their own.

use std::time::Duration;

use rt0_core::call::Asked;
use rt0_core::platform::loader;
use rt0_core::protocol::gate::State as GateState;
use rt0_core::sync::{Deadline, clock};
use rt0_core::{Library, Status, call, generation, sabotage, this_library};

use crate::config::Config;
use crate::error::{Error, refusal};
use crate::generation::Generation;
use crate::generation::state::{IsState, State};
use crate::in_flight::Inside;
use crate::platform::locals;
use crate::runtime;

/// Waits until the library is ready, and keeps it ready while the returned [`Ready`] is held.
///
/// With a `deadline` of `None` it waits as long as the library's own setting says: 30 seconds unless its
/// author chose otherwise. With `Some(Duration::ZERO)` it does not wait. Call it from any thread, but not
/// from a signal handler.
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
/// The reason why the library is not ready. The text is written for the host's programmer.
#[inline(always)]
pub fn ready(deadline: Option<Duration>) -> Result<Ready, Error> {
    loop {
        if let Some(inside) = Inside::enter(generation::is_ready) {
            return Ok(Ready { inside });
        }
        if let Some(inside) = wait(deadline)? {
            return Ok(Ready { inside });
        }
    }
}

/// `None` means that the caller can try again.
#[cold]
fn wait(deadline: Option<Duration>) -> Result<Option<Inside>, Error> {
    if let Some(inside) = enter_on_own_thread() {
        return Ok(Some(inside));
    }
    pass(library()?, deadline).map(|()| None)
}

/// Lets one of the library's own threads in before the first call. The very first call prepares for the exit
/// of the process: by then the host must have made what its callbacks use. A call from the library's own
/// thread does not show that, so it does not open the gate.
pub(super) fn enter_on_own_thread() -> Option<Inside> {
    // Look at the gate's state first: without a boot there may be no memory for a thread-local.
    if has_booted() && runtime::on_own_thread() {
        Inside::enter(has_booted)
    } else {
        None
    }
}

pub(super) fn library() -> Result<&'static Library, Error> {
    this_library().map_err(|status| refusal(None, status))
}

fn has_booted() -> bool {
    generation::page().gate.state().reported() == GateState::Ready
}

/// Begins the boot if it has not begun, and does not wait for it.
///
/// Use it in a program that has the library's crate among its dependencies, or with the start policy
/// `manual`.
///
/// # Errors
/// There is no `#[rt0::init]`, or the operating system refuses to make a thread.
pub fn start() -> Result<(), Error> {
    begin(library()?)
}

pub(crate) fn begin(library: &'static Library) -> Result<(), Error> {
    explained(library, &|| rt0_core::start(library))
}

/// Proof that the library is ready. A shutdown waits until this is dropped. It must be dropped on the thread
/// that got it.
///
/// A `Ready` that is leaked keeps the state in memory forever. A shutdown then waits in vain. If main, or a
/// task on its thread, leaked it, the shutdown ends everything but the state and reports
/// [`EndedBadly`](Status::EndedBadly).
///
/// In a fork's child it still belongs to the parent's generation: [`state`](Ready::state) lends the parent's
/// state as it was at the fork, and nothing drops that state in the child. Call `rt0::ready` there for the
/// child's own.
#[must_use = "the library may be shut down once this is dropped"]
pub struct Ready {
    /// This thread's announcement. It is not `Send`, so it also keeps `Ready` on this thread.
    inside: Inside,
}

impl Ready {
    pub(super) fn new(inside: Inside) -> Ready {
        Ready { inside }
    }

    /// The library's state.
    pub fn state<T: IsState>(&self) -> State<'_, T> {
        if sabotage::NO_KEPT_ENTRY {
            // SAFETY: unsound in a fork's child, because `inside` does not hold off the child's shutdown.
            // That is what this switch is for.
            return unsafe { State::at(generation::hot::state()) };
        }
        // SAFETY: `inside` holds off a shutdown. A shutdown that does not wait for `inside` keeps the state,
        // and so does the exit of the process. In a fork's child the state is the parent's, and nothing drops
        // it there.
        unsafe { State::at(self.inside.state()) }
    }

    pub(super) fn is_of_the_present(&self) -> bool {
        self.inside.is_of_the_present()
    }

    /// Where the state of the generation is that was entered.
    pub(super) fn state_address(&self) -> *const () {
        self.inside.state()
    }

    /// The generation that was entered. Only for code that has just entered it, before any of the author's
    /// code runs: the author's code may fork, and in the child this generation is not there.
    #[cfg_attr(not(feature = "tokio"), allow(dead_code))]
    pub(crate) fn generation(&self) -> &Generation {
        assert!(self.inside.is_of_the_present(), "the process was forked");
        // SAFETY: `inside` holds a shutdown off.
        unsafe { Generation::present() }.expect(PRESENT)
    }
}

const PRESENT: &str = "a gate that is open has a generation";

/// The cold half of every gate in this crate.
#[cold]
pub(crate) fn pass(library: &'static Library, deadline: Option<Duration>) -> Result<(), Error> {
    pass_until(library, deadline_of(library, deadline))
}

/// The end of a wait: the library's own limit, or this time from now on.
pub(super) fn deadline_of(library: &Library, time: Option<Duration>) -> Deadline {
    match time {
        None => library.default_deadline(),
        Some(time) => clock::after(time),
    }
}

/// Like [`pass`], with a deadline of the core's type.
#[cold]
pub(crate) fn pass_until(library: &'static Library, deadline: Deadline) -> Result<(), Error> {
    passed(library, &|| rt0_core::pass(library, deadline))
}

/// Like [`pass_until`], on a thread of the library's that waits for one of the host's.
pub(super) fn pass_for(
    asked: &Asked<'_>,
    library: &'static Library,
    deadline: Deadline,
) -> Result<(), Error> {
    passed(library, &|| call::pass_for(asked, library, deadline))
}

fn passed(library: &'static Library, pass: &dyn Fn() -> Result<(), Status>) -> Result<(), Error> {
    if !rt0_core::is_ready() {
        locals::check(library)?;
        if Inside::already() && !sabotage::NO_NESTED_RETRY {
            return explained(library, &|| pass_inside(library));
        }
    }
    explained(library, pass)
}

/// Like [`pass_until`], for a call inside another call of this thread, for example from a callback. Whoever
/// ends the generation waits for the outer call, so this call must not wait for the end: another call is
/// booting again after the runtime was lost, or a shutdown is under way.
fn pass_inside(library: &'static Library) -> Result<(), Status> {
    let result = rt0_core::pass(library, Deadline::Passed);
    result.map_err(|status| match status {
        Status::NotReady => Status::RuntimeLost,
        other => other,
    })
}

/// Whether a call on this thread during a shutdown waits for the shutdown to end. It does if the author chose
/// that and the shutdown does not wait for this thread.
pub(crate) fn is_waited_for() -> bool {
    Config::present().is_some_and(|config| config.waits_for_shutdown) && !Inside::already()
}

const UNDER_THE_LOCK: &str = "not ready, and called under the loader lock (from DllMain or a library's \
    constructor), where waiting would deadlock; call again when LoadLibrary has returned";

/// Asks the core, and turns its refusal into an error with a text.
fn explained(library: &Library, ask: &dyn Fn() -> Result<(), Status>) -> Result<(), Error> {
    loop {
        match ask() {
            Ok(()) => return Ok(()),
            // The boot lacked something it needs and did not reach the author's code, or it was never begun.
            Err(Status::NoThread) => {
                return Err(match boot_failure() {
                    BootFailure::Text(failure) => {
                        Error::new(Status::NoThread, format!("{}: {failure}", library.name()))
                    }
                    BootFailure::NoText | BootFailure::Gone => {
                        refusal(Some(library), Status::NoThread)
                    }
                });
            }
            Err(Status::BootFailed) => match boot_failure() {
                BootFailure::Text(failure) => return Err(boot_failed(library, &failure)),
                BootFailure::NoText => return Err(refusal(Some(library), Status::BootFailed)),
                // Since we asked, another call has begun the next boot or a shutdown. (That boot may have
                // failed too by now, so looking at the state again would not help.)
                BootFailure::Gone => {}
            },
            Err(Status::WouldDeadlock) if loader::is_locked_here() => {
                let text = format!("{}: {UNDER_THE_LOCK}", library.name());
                return Err(Error::new(Status::WouldDeadlock, text));
            }
            Err(status) => return Err(refusal(Some(library), status)),
        }
    }
}

/// The error with the text of the failed boot, and when a call will try again.
fn boot_failed(library: &Library, failure: &str) -> Error {
    let again = match call::retry_after(library) {
        None => String::new(),
        Some(Duration::ZERO) => " (the next call tries again)".to_owned(),
        Some(left) => {
            // Rounded up, so that a call after that time really tries.
            let ms = left.as_secs() * 1000 + u64::from(left.subsec_nanos().div_ceil(1_000_000));
            format!(" (the next call after {ms} ms tries again)")
        }
    };
    let text = format!("{}: start-up failed: {failure}{again}", library.name());
    Error::new(Status::BootFailed, text)
}

/// What we found when we looked at a failed boot.
enum BootFailure {
    Text(String),
    /// The boot failed without a text.
    NoText,
    /// The gate no longer says that the boot failed.
    Gone,
}

fn boot_failure() -> BootFailure {
    let Some(_inside) = Inside::enter(has_failed) else {
        return BootFailure::Gone;
    };
    // SAFETY: `_inside` holds off whoever would take the failed generation away.
    let generation = unsafe { Generation::present() };
    match generation.and_then(|generation| generation.failure.clone()) {
        Some(text) => BootFailure::Text(text),
        None => BootFailure::NoText,
    }
}

fn has_failed() -> bool {
    generation::page().gate.state() == GateState::Failed
}

/// What `#[rt0::gated]` puts in front of a function that returns `Result`.
#[inline(always)]
pub fn gate() -> Result<Ready, Error> {
    ready(None)
}

/// Gives the closure of `#[rt0::gated(or_else = ...)]` its parameter's type.
pub fn made_from<T>(error: Error, make: impl FnOnce(Error) -> T) -> T {
    make(error)
}
