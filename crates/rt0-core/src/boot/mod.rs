//! The boot: who runs it, and what happens before and after the library's own boot function.
//!
//! Three threads can come to run it (`gate.rs` draws the states):
//!
//! - the boot thread, as a rule (`threads.rs`);
//! - the thread inside the `dlopen` that loads us, when a constructor of another library calls us:
//!   the boot thread is then still behind the loader barrier;
//! - a caller, when the operating system gives us no thread (`here.rs`): the last resort; or when the start policy
//!   is `quiet`, and we ask for none.
//!
//! The latter two run it on a stack of our own, with signals blocked and cancellation off.
//!
//! And a fourth, the stand-in: a thread that a caller gets when the boot thread does not come back from
//! the loader barrier, because some other thread is inside some other `dlopen`. (It may be the caller.)

mod here;
mod threads;

use core::time::Duration;

use rt0_abi::Status;

use self::here::Here;
pub use self::threads::join_or_leave_boot_thread;
pub(crate) use self::threads::{
    in_constructor, join_boot_thread, next_look, outside_dlopen, schedule,
};
use crate::gate::State;
use crate::generation::{self, page};
use crate::library::{Library, Start};
use crate::sync::Deadline;
use crate::timeline::Mark;
use crate::{args, exit, fork, loader, sabotage, settings, sys, thread};

/// The duty to say how a boot ended, handed to the library's boot function.
///
/// It can be sent to another thread and used there after the boot function has returned. Dropped
/// unused, it says [`Status::NotNotified`].
#[must_use = "a boot that nobody finishes fails"]
pub struct Boot {
    library: &'static Library,
    number: u32,
}

impl Boot {
    /// The library that boots.
    pub fn library(&self) -> &'static Library {
        self.library
    }

    /// Whether this boot is still the present one. It is not in the child of a process that was forked
    /// by its own start-up: what goes on there ends without a trace.
    pub fn is_present(&self) -> bool {
        page().number() == self.number
    }

    /// Start-up is done: wakes all who wait. The first of them, or the first call, opens the gate.
    pub fn done(self) {
        self.finish(Ok(()));
    }

    /// Start-up failed: every call gets this status.
    pub fn failed(self, status: Status) {
        self.finish(Err(status));
    }

    fn finish(self, result: Result<(), Status>) {
        let present = self.is_present();
        core::mem::forget(self);
        if present {
            finish(result);
        }
    }
}

impl Drop for Boot {
    fn drop(&mut self) {
        if self.is_present() {
            finish(Err(Status::NotNotified));
        }
    }
}

/// Waits at the gate: the cold half of every gated call.
///
/// Boots the library when nobody has, which also covers a library whose constructor never ran.
/// Safe to call from any thread; not from a signal handler. Needs less than 2 KiB of stack. It is no
/// cancellation point: a `pthread_cancel` acts when it is over.
///
/// # Errors
/// See [`Gate::pass`](crate::gate::Gate::pass) and [`fork::check`]. [`Status::WouldDeadlock`]: this thread
/// has the loader's lock, and the library is not ready (see [`loader::is_locked_here`]).
#[cold]
pub fn pass(library: &'static Library, deadline: Deadline) -> Result<(), Status> {
    if !generation::is_ready() {
        fork::check()?;
    }
    if sabotage::NO_SMALL_FRAME {
        use_much_stack();
    }
    thread::uncancelled(|| {
        if loader::is_locked_here() {
            return pass_at_once(library);
        }
        page().gate.pass(&Here { library }, deadline)
    })
}

/// The same for a thread that has the loader's lock, where no thread begins without it: whatever a call
/// waited for might wait for that. A boot that makes no thread can be had.
fn pass_at_once(library: &'static Library) -> Result<(), Status> {
    let gate = &page().gate;
    let boots_here = is_quiet(library) && gate.state() == State::Cold;
    let deadline = if boots_here {
        default_deadline(library)
    } else {
        Deadline::Passed
    };
    let result = gate.pass(&Here { library }, deadline);
    result.map_err(|status| match status {
        Status::NotReady => Status::WouldDeadlock,
        other => other,
    })
}

/// For [`sabotage::NO_SMALL_FRAME`] alone.
#[inline(never)]
fn use_much_stack() {
    core::hint::black_box([1_u8; 8 * 1024]);
}

/// The deadline that a call has when nobody names another.
pub fn default_deadline(library: &Library) -> Deadline {
    library
        .wait_ms
        .map_or(Deadline::Never, |ms| after_ms(u64::from(ms)))
}

/// The deadline so many milliseconds from now; zero asks and does not wait.
pub fn after_ms(ms: u64) -> Deadline {
    after(Duration::from_millis(ms))
}

/// The deadline so far from now; no time at all asks and does not wait.
pub fn after(time: Duration) -> Deadline {
    if time.is_zero() {
        return Deadline::Passed;
    }
    let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    Deadline::At(sys::monotonic().saturating_add(nanos))
}

/// Begins the boot if nobody has, and does not wait for it. This is what the policy `manual` waits
/// for; under the other policies it does what a first call would, and under `quiet` all of it.
///
/// # Errors
/// [`Status::NoThread`] when the operating system gives none: the first call will boot.
/// [`Status::Stopped`] on a thread of the library's own. [`Status::Forked`]: see [`fork::check`].
/// [`Status::WouldDeadlock`]: see [`pass`].
pub fn start(library: &'static Library) -> Result<(), Status> {
    fork::check()?;
    thread::uncancelled(|| start_now(library))
}

fn start_now(library: &'static Library) -> Result<(), Status> {
    if on_own_thread(library) || exit::begun() {
        // Left over from a generation that has ended, or busy ending it; or the process is.
        return Err(Status::Stopped);
    }
    generation::set_started();
    args::capture(None);
    if is_quiet(library) {
        // There is no other thread that could begin it.
        return pass(library, default_deadline(library));
    }
    if loader::is_locked_here() && page().thread() != 0 {
        // A thread of an earlier boot would have to be joined, which ends under that lock.
        return Err(Status::WouldDeadlock);
    }
    if !page().gate.schedule() {
        return Ok(());
    }
    if threads::make_boot_thread(library, threads::TRIES) {
        Ok(())
    } else {
        page().gate.unschedule();
        Err(Status::NoThread)
    }
}

/// How long it is until a call boots a failed library again; `None`: no call does.
pub fn retry_after(library: &Library) -> Option<Duration> {
    if page().failure() == Status::NoThread {
        // Nothing of the author's has run: what was missing may be there again.
        return Some(Duration::ZERO);
    }
    let pause = settings::retry_pause(library)?;
    if sabotage::NO_RETRY_PAUSE {
        return Some(Duration::ZERO);
    }
    // This mark is made when a boot has failed, too.
    let failed = page().timeline.get(Mark::Ready).unwrap_or(0);
    let due = failed.saturating_add(pause);
    Some(Duration::from_nanos(due.saturating_sub(sys::monotonic())))
}

/// What the boot of the generation with this number has made is lost: from now on calls get this status.
/// True for the one who says so first. Whoever calls this is announced as inside a call, so that no shutdown ends
/// that generation, and another begins, between the look at its number and the transition.
pub fn lose(number: u32, status: Status) -> bool {
    let page = page();
    let open = matches!(page.gate.state(), State::Ready | State::Uncalled);
    if page.number() != number || !open {
        return false;
    }
    // Before the transition, by which calls see it. A shutdown that comes in between ends it anyway.
    page.set_failure(status);
    page.gate.lose()
}

/// Whether boot, or the end of a generation, may be waiting for this very thread.
pub fn on_own_thread(library: &Library) -> bool {
    if sabotage::NO_OWN_THREAD_CHECK {
        return false;
    }
    page().is_boot_thread(sys::this_thread())
        || library
            .on_own_thread
            .is_some_and(|on_own_thread| on_own_thread())
}

/// Whether the library is to make no thread.
fn is_quiet(library: &Library) -> bool {
    settings::start(library) == Start::Quiet
}

/// Runs the library's boot function; the caller has claimed the boot. False when the boot function has
/// forked, and this is the child: nothing there is this thread's business any more.
fn run(library: &'static Library) -> bool {
    if exit::begun() {
        page().gate.give_up(false);
        return true;
    }
    generation::begin(library);
    page().timeline.set(Mark::Claimed);
    let number = page().number();
    match library.boot {
        Some(boot) => boot(Boot { library, number }),
        None => finish(Err(Status::NoBootEntry)),
    }
    let present = page().number() == number;
    if present {
        // The boot function may have handed the duty on: from here on boot waits for this thread no more.
        page().unset_boot_thread(sys::this_thread());
    }
    present
}

fn finish(result: Result<(), Status>) {
    let page = page();
    if let Err(status) = result {
        page.set_failure(status);
    }
    page.set_boot_thread(0);
    page.timeline.set(Mark::Ready);
    page.gate.finish(result.is_ok());
}
