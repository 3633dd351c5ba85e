//! What an exported function calls before its work, and what a host calls to begin the boot.
//!
//! [`pass`] is the cold half of every gated call: [`is_ready`](crate::generation::is_ready) comes before it.

mod caller;

use rt0_abi::Status;

use self::caller::Caller;
pub use self::caller::{Asked, retry_after};
use crate::generation::steps::Step;
use crate::generation::{self, page};
use crate::library::settings::is_quiet;
use crate::library::{Library, arguments};
use crate::platform::thread::Uncancelled;
use crate::platform::thread::signals;
use crate::platform::{kernel, loader};
use crate::protocol::gate::State;
use crate::sync::Deadline;
use crate::{boot, fork, sabotage};

/// Waits at the gate: the cold half of every gated call.
///
/// Boots the library if nobody has, which also covers a library whose constructor never ran. Safe to call
/// from any thread, but not from a signal handler. Needs less than 2 KiB of stack. It is not a cancellation
/// point: a `pthread_cancel` takes effect after it.
///
/// # Errors
/// See [`Gate::pass`](crate::protocol::gate::Gate::pass) and [`fork::check`]. [`Status::WouldDeadlock`]: this
/// thread holds the loader's lock, and the library is not ready (see [`loader::is_locked_here`]).
#[cold]
pub fn pass(library: &'static Library, deadline: Deadline) -> Result<(), Status> {
    let asked = None;
    pass_as(&Caller { library, asked }, deadline)
}

/// [`pass`] on a thread of the library's, for one of the host's. If it begins a boot, the library's threads leave to
/// the host what *that* thread has open.
///
/// # Errors
/// See [`pass`]. Also [`Status::Stopped`]: a boot would have begun, and nobody waits any more.
#[cold]
pub fn pass_for(
    asked: &Asked<'_>,
    library: &'static Library,
    deadline: Deadline,
) -> Result<(), Status> {
    let asked = Some(asked);
    pass_as(&Caller { library, asked }, deadline)
}

fn pass_as(caller: &Caller<'_>, deadline: Deadline) -> Result<(), Status> {
    if !generation::is_ready() {
        fork::check()?;
    }
    if sabotage::NO_SMALL_FRAME {
        use_much_stack();
    }
    let _uncancelled = Uncancelled::for_rt0();
    if loader::is_locked_here() {
        return pass_at_once(caller);
    }
    // This look decides nothing but whether a wait is noted.
    let may_wait = deadline != Deadline::Passed
        && !matches!(
            page().gate.state(),
            State::Ready | State::Uncalled | State::Failed
        );
    let wait = may_wait.then(|| caller.library.begin_step()).flatten();
    let result = page().gate.pass(caller, deadline);
    caller.library.end_step(wait, Step::Wait);
    if result == Err(Status::Stopped) && !sabotage::NO_WAY_GIVEN {
        // The threads that end the generation may be queued behind this one for its processor, and a host that
        // calls in a loop would keep them there.
        kernel::give_way();
    }
    result
}

/// [`pass`] for a thread that holds the loader's lock, on a system where no thread can begin without that
/// lock. Whatever the call waited for might wait for the lock, so the call does not wait. It can still boot
/// where the boot makes no thread.
fn pass_at_once(caller: &Caller<'_>) -> Result<(), Status> {
    let gate = &page().gate;
    let library = caller.library;
    let boots_here = is_quiet(library) && gate.state() == State::Cold;
    let deadline = if boots_here {
        library.default_deadline()
    } else {
        Deadline::Passed
    };
    let result = gate.pass(caller, deadline);
    result.map_err(|status| match status {
        Status::NotReady => Status::WouldDeadlock,
        other => other,
    })
}

/// Only for [`sabotage::NO_SMALL_FRAME`].
#[inline(never)]
fn use_much_stack() {
    core::hint::black_box([1_u8; 8 * 1024]);
}

/// Begins the boot if nobody has, and does not wait for it. The policy `manual` waits for this call. Under
/// `load` and `lazy` it begins the boot as a first call would; under `quiet` it runs the whole boot.
///
/// # Errors
/// [`Status::NoThread`]: the operating system has no thread to give; the first call will boot.
/// [`Status::Stopped`]: called on one of the library's own threads, or the process is exiting.
/// [`Status::Forked`]: see [`fork::check`]. [`Status::WouldDeadlock`]: see [`pass`].
pub fn start(library: &'static Library) -> Result<(), Status> {
    fork::check()?;
    let _uncancelled = Uncancelled::for_rt0();
    start_now(library)
}

fn start_now(library: &'static Library) -> Result<(), Status> {
    if boot::on_own_thread(library) || page().end_has_begun() {
        // This thread is left over from a generation that has ended, or is ending one now; or the process is
        // exiting.
        return Err(Status::Stopped);
    }
    generation::set_asked_for();
    arguments::capture_late();
    if is_quiet(library) {
        // No other thread could begin the boot.
        return pass(library, library.default_deadline());
    }
    if loader::is_locked_here() && page().thread() != 0 {
        // The thread of an earlier boot would have to be joined, and it needs that lock to end.
        return Err(Status::WouldDeadlock);
    }
    if !page().gate.schedule() {
        return Ok(());
    }
    if boot::make_boot_thread(library, signals::asker(), boot::TRIES) {
        Ok(())
    } else {
        page().gate.unschedule();
        Err(Status::NoThread)
    }
}
