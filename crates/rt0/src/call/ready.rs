//! The gate for authors who have a binding generator already.

use std::time::Duration;

use rt0_core::platform::loader;
use rt0_core::protocol::gate::State as GateState;
use rt0_core::sync::{Deadline, clock};
use rt0_core::{Library, Status, call, generation, sabotage, this_library};

use crate::error::{Error, refusal};
use crate::generation::state::{IsState, State};
use crate::generation::{Generation, Place};
use crate::in_flight::Inside;
use crate::platform::locals;
use crate::runtime;

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
            return Ok(Ready::entered(inside));
        }
        if let Some(inside) = wait(deadline)? {
            return Ok(Ready::entered(inside));
        }
    }
}

/// `None`: it can be tried again.
#[cold]
fn wait(deadline: Option<Duration>) -> Result<Option<Inside>, Error> {
    // The first call of all prepares for the exit of the process, after which the host must have made
    // what its callbacks use. What the library does by itself says nothing of that.
    // (The state first: where there has been no boot there may be no memory for a thread-local.)
    if has_booted()
        && runtime::on_own_thread()
        && let Some(inside) = Inside::enter(has_booted)
    {
        return Ok(Some(inside));
    }
    let library = this_library().map_err(|status| refusal(None, status))?;
    pass(library, deadline).map(|()| None)
}

fn has_booted() -> bool {
    generation::page().gate.state().reported() == GateState::Ready
}

/// Begins the boot if nobody has, and does not wait for it.
///
/// For a program that has the library's crate among its dependencies, and for the policy `manual`.
///
/// # Errors
/// There is no `#[rt0::init]`, or the operating system gives no thread.
pub fn start() -> Result<(), Error> {
    begin(this_library().map_err(|status| refusal(None, status))?)
}

pub(crate) fn begin(library: &'static Library) -> Result<(), Error> {
    explained(library, || rt0_core::start(library))
}

/// The library is ready. A shutdown waits until this is dropped, on the thread that got it.
///
/// One that is leaked keeps the state in memory for ever: a shutdown waits for it in vain; or, where it
/// was leaked by main or by the thread that main runs on, ends all but the state, and says
/// [`EndedBadly`](Status::EndedBadly).
///
/// In a fork's child it is still the parent's: [`state`](Ready::state) lends the parent's state, as it was
/// when the process was forked, and nobody drops that there. `rt0::ready` gives the child's own.
#[must_use = "the library may be shut down once this is dropped"]
pub struct Ready {
    /// This thread's own announcement: it keeps `Ready` on the thread, too.
    inside: Inside,
    /// The state of the generation that was entered.
    state: Place,
}

impl Ready {
    #[inline(always)]
    fn entered(inside: Inside) -> Ready {
        // SAFETY: `inside` holds a shutdown off.
        let generation = unsafe { Generation::present() };
        let state = generation.expect(PRESENT).place();
        Ready { inside, state }
    }

    /// The library's state.
    pub fn state<T: IsState>(&self) -> State<'_, T> {
        if sabotage::NO_KEPT_ENTRY {
            // SAFETY: not so in a fork's child, whose shutdown this does not hold off.
            return unsafe { Generation::present() }.expect(PRESENT).state();
        }
        // SAFETY: `inside` holds a shutdown off; one that does not wait for it, and the exit of the
        // process, leave the state. In a fork's child it is the parent's, which nobody drops there.
        unsafe { self.state.state() }
    }

    /// The generation that was entered. For the code that has just done so, before any of the author's
    /// runs: in a fork's child there is none.
    #[cfg_attr(not(feature = "tokio"), allow(dead_code))]
    pub(crate) fn generation(&self) -> &Generation {
        assert!(self.inside.is_of_the_present(), "the process was forked");
        // SAFETY: `inside` holds a shutdown off.
        unsafe { Generation::present() }.expect(PRESENT)
    }
}

const PRESENT: &str = "a gate that is open has a generation";

/// The cold half of every gate of this crate.
#[cold]
pub(crate) fn pass(library: &'static Library, deadline: Option<Duration>) -> Result<(), Error> {
    let deadline = match deadline {
        None => library.default_deadline(),
        Some(time) => clock::after(time),
    };
    pass_until(library, deadline)
}

/// The same, with the core's own kind of deadline.
#[cold]
pub(crate) fn pass_until(library: &'static Library, deadline: Deadline) -> Result<(), Error> {
    if !rt0_core::is_ready() {
        locals::check(library)?;
        if Inside::already() && !sabotage::NO_NESTED_RETRY {
            return explained(library, || pass_inside(library));
        }
    }
    explained(library, || rt0_core::pass(library, deadline))
}

/// The same inside another call of this thread, out of a callback, say. Whoever ends the generation waits for that
/// one, and so is not waited for: it has been lost, and another call boots again, or a shutdown is under way.
fn pass_inside(library: &'static Library) -> Result<(), Status> {
    let result = rt0_core::pass(library, Deadline::Passed);
    result.map_err(|status| match status {
        Status::NotReady => Status::RuntimeLost,
        other => other,
    })
}

const UNDER_THE_LOCK: &str = "not ready, and called under the loader lock (from DllMain or a library's \
    constructor), where waiting would deadlock; call again when LoadLibrary has returned";

/// Asks the core, and puts its refusal into words.
fn explained(library: &Library, ask: impl Fn() -> Result<(), Status>) -> Result<(), Error> {
    loop {
        match ask() {
            Ok(()) => return Ok(()),
            // A boot that has not come to the author's code for want of something; or none was begun.
            Err(Status::NoThread) => {
                return Err(match boot_failure() {
                    Looked::Text(failure) => {
                        Error::new(Status::NoThread, format!("{}: {failure}", library.name()))
                    }
                    Looked::NoText | Looked::Gone => refusal(Some(library), Status::NoThread),
                });
            }
            Err(Status::BootFailed) => match boot_failure() {
                Looked::Text(failure) => return Err(boot_failed(library, &failure)),
                Looked::NoText => return Err(refusal(Some(library), Status::BootFailed)),
                // Another call has begun the next boot, or a shutdown, since we asked. (That one may
                // have failed by now, so another look at the state would tell nothing.)
                Looked::Gone => {}
            },
            Err(Status::WouldDeadlock) if loader::is_locked_here() => {
                let text = format!("{}: {UNDER_THE_LOCK}", library.name());
                return Err(Error::new(Status::WouldDeadlock, text));
            }
            Err(status) => return Err(refusal(Some(library), status)),
        }
    }
}

/// The error in the words of whoever made boot fail, and when it is tried again.
fn boot_failed(library: &Library, failure: &str) -> Error {
    let again = match call::retry_after(library) {
        None => String::new(),
        Some(Duration::ZERO) => " (the next call tries again)".to_owned(),
        Some(left) => {
            // Rounded up: a call after that time does try.
            let ms = left.as_nanos().div_ceil(1_000_000);
            format!(" (the next call after {ms} ms tries again)")
        }
    };
    let text = format!("{}: start-up failed: {failure}{again}", library.name());
    Error::new(Status::BootFailed, text)
}

/// What a look at a boot that failed has found.
enum Looked {
    Text(String),
    /// It has left none.
    NoText,
    /// It is not the last word any more.
    Gone,
}

fn boot_failure() -> Looked {
    let Some(_inside) = Inside::enter(has_failed) else {
        return Looked::Gone;
    };
    // SAFETY: `_inside` holds off the shutdown that would take a failed generation away.
    let generation = unsafe { Generation::present() };
    match generation.and_then(|generation| generation.failure.clone()) {
        Some(text) => Looked::Text(text),
        None => Looked::NoText,
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

/// The error of a function with `#[rt0::gated]`, made from ours.
#[cold]
pub fn own<E: From<Error>>(error: Error) -> E {
    error.into()
}

/// Tells the closure of `#[rt0::gated(or_else = ...)]` what it is given.
pub fn made_from<T>(error: Error, make: impl FnOnce(Error) -> T) -> T {
    make(error)
}
