//! The boot: who runs it, and what happens before and after the library's own boot function.
//!
//! Three threads can come to run it (`gate.rs` draws the states):
//!
//! - the boot thread, as a rule: [`boot_thread`];
//! - the thread inside the `dlopen` that loads us, when a constructor of another library calls us:
//!   the boot thread is then still behind the loader barrier;
//! - a caller, when the operating system gives us no thread: the last resort; or when the start policy
//!   is `quiet`, and we ask for none.
//!
//! The latter two run it on a stack of our own, with signals blocked and cancellation off.
//!
//! And a fourth, the stand-in: a thread that a caller gets when the boot thread does not come back from
//! the loader barrier, because some other thread is inside some other `dlopen`. (It may be the caller.)

use core::ffi::{CStr, c_void};
use core::sync::atomic::Ordering;
use core::time::Duration;

use rt0_abi::Status;

use crate::gate::{Process, State};
use crate::generation::{self, MAKING, page};
use crate::library::{Library, Start};
use crate::sync::{Deadline, Waited, Word};
use crate::timeline::Mark;
use crate::{args, exit, fork, loader, sabotage, settings, signals, stack, sys, thread};

/// How long the thread that ran the constructor waits for the boot thread to claim the boot. Long
/// enough for a new thread to get a processor; short against any boot.
const GRACE_NANOS: u64 = 10_000_000;

/// How long any other thread waits for that before it has a stand-in made. Longer: the thread inside
/// the `dlopen`, if there is one, is the better one to boot, for it has what the loader keeps locked.
const STAND_IN_NANOS: u64 = 100_000_000;

/// After how long without a sign of the boot thread a shutdown takes it to be stuck behind the loader.
const INSIDE_NANOS: u64 = 1_000_000_000;

/// How often a caller asks for a thread before it does without, and the pause between.
const THREAD_TRIES: u32 = 4;
const PAUSE_NANOS: u64 = 1_000_000;

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
/// Safe to call from any thread; not from a signal handler. Needs less than 2 KiB of stack.
///
/// # Errors
/// See [`Gate::pass`](crate::gate::Gate::pass) and [`fork::check`].
#[cold]
pub fn pass(library: &'static Library, deadline: Deadline) -> Result<(), Status> {
    if !generation::is_ready() {
        fork::check()?;
    }
    if sabotage::NO_SMALL_FRAME {
        use_much_stack();
    }
    page().gate.pass(&Here { library }, deadline)
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
pub fn start(library: &'static Library) -> Result<(), Status> {
    fork::check()?;
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
    if !page().gate.schedule() {
        return Ok(());
    }
    if make_boot_thread(library, THREAD_TRIES) {
        Ok(())
    } else {
        page().gate.unschedule();
        Err(Status::NoThread)
    }
}

/// The constructor's part: makes the boot thread, with one try and no pause.
pub(crate) fn schedule(library: &'static Library) {
    if page().gate.schedule() && !make_boot_thread(library, 1) {
        page().gate.unschedule();
    }
}

/// Remembers that this thread runs the constructor, also where the boot comes later: a constructor of
/// another library can call us inside the same `dlopen`. The boot thread forgets it again.
pub(crate) fn in_constructor() {
    page().set_constructor_thread(sys::thread_id());
}

/// Waits until the boot thread has passed the loader barrier, where there is one: before that it can't be
/// joined. It may be this very thread that it waits for, inside the `dlopen` that loads the library.
///
/// # Errors
/// [`Status::WouldDeadlock`] when that seems to be so: the boot thread has not shown up in all that
/// time. [`Status::TimedOut`] when the deadline comes first, because of some other thread's `dlopen`.
pub(crate) fn outside_dlopen(deadline: Deadline) -> Result<(), Status> {
    let me = sys::thread_id();
    let sure = sys::monotonic() + INSIDE_NANOS;
    while is_boot_thread_at_barrier() {
        let now = sys::monotonic();
        if now >= sure && page().is_constructor_thread(me) {
            return Err(Status::WouldDeadlock);
        }
        if Deadline::At(now) >= deadline {
            return Err(Status::TimedOut);
        }
        pause();
    }
    Ok(())
}

/// Whether there is a boot thread that some thread's `dlopen` holds up.
fn is_boot_thread_at_barrier() -> bool {
    page().thread() != 0 && !page().is_constructor_thread(0)
}

/// Until when a shutdown can wait before it asks [`outside_dlopen`] again: a boot thread may be made
/// meanwhile, and wait for this very thread.
pub(crate) fn next_look() -> Deadline {
    if !page().is_constructor_thread(0) {
        Deadline::At(sys::monotonic() + GRACE_NANOS)
    } else {
        Deadline::Never
    }
}

/// Waits for the boot thread to have nothing more to do, and joins it. False when the deadline passes
/// first. Only the one who ends the generation calls this.
pub(crate) fn join_boot_thread(deadline: Deadline) -> bool {
    let page = page();
    if page.thread() == 0 {
        return true;
    }
    // Acquire pairs with the Release at the end of `boot_thread`.
    while page.thread_gone.load(Ordering::Acquire) == 0 {
        if page.thread_gone.wait(0, deadline) == Waited::TimedOut {
            return false;
        }
    }
    // A thread can be gone before the one that made it has been told its handle.
    while page.thread() == MAKING {
        pause();
    }
    if !sabotage::NO_JOIN {
        // SAFETY: made by `thread::create`, and joined once: by the one who ends the generation.
        unsafe { thread::join(page.thread()) };
    }
    page.set_thread(0);
    true
}

/// The process as the gate sees it from a call.
struct Here {
    library: &'static Library,
}

impl Process for Here {
    fn may_start(&self) -> Result<(), Status> {
        if exit::begun() {
            return Err(Status::Stopped);
        }
        args::capture(None);
        let manual = settings::start(self.library) == Start::Manual;
        if manual && !generation::started() {
            Err(Status::NotStarted)
        } else {
            Ok(())
        }
    }

    fn make_thread(&self) -> bool {
        !is_quiet(self.library) && make_boot_thread(self.library, THREAD_TRIES)
    }

    fn boot_here(&self) -> Result<(), Status> {
        if page().thread() == MAKING {
            // Another caller is about to know whether there will be a boot thread.
            page().gate.give_up(true);
            return Ok(());
        }
        // A boot thread that is on its way will run `main`. Without one there is nobody to run it.
        let on_its_way = page().thread() != 0;
        let inside = page().is_constructor_thread(sys::thread_id());
        if on_its_way && !inside && make_stand_in(self.library) {
            return Ok(());
        }
        let last_resort = !sabotage::NO_INLINE_FALLBACK || is_quiet(self.library);
        let possible = on_its_way || (last_resort && !self.library.needs_thread());
        let booted = possible.then(|| {
            let size = settings::stack_size(self.library);
            let boot = || stack::on_own_stack(size, || run(self.library));
            signals::blocked(|| thread::uncancelled(boot))
        });
        if booted.flatten().is_none() {
            page().gate.give_up(on_its_way);
            return Err(Status::NoThread);
        }
        Ok(())
    }

    fn on_own_thread(&self) -> bool {
        on_own_thread(self.library)
    }

    fn grace(&self) -> Option<Deadline> {
        let page = page();
        let nanos = if page.is_constructor_thread(sys::thread_id()) {
            (!sabotage::NO_INLINE_BOOT).then_some(GRACE_NANOS)
        } else {
            let at_barrier = !page.is_constructor_thread(0);
            (at_barrier && !sabotage::NO_STAND_IN).then_some(STAND_IN_NANOS)
        };
        nanos.map(|nanos| Deadline::At(sys::monotonic() + nanos))
    }

    fn failure(&self) -> Status {
        page().failure()
    }

    fn first_call(&self) {
        exit::prepare_again();
    }

    fn may_retry(&self) -> bool {
        retry_after(self.library) == Some(Duration::ZERO)
            && !on_own_thread(self.library)
            && !exit::begun()
            // There it can't end, and so can't be joined.
            && !is_boot_thread_at_barrier()
    }

    fn end_failed(&self, deadline: Deadline) -> bool {
        // Cancelled half-way, it would leave all others waiting.
        thread::uncancelled(|| {
            let ended = join_boot_thread(deadline)
                && self.library.end_failed.is_none_or(|end| end(deadline));
            if ended {
                page().clear();
            }
            ended
        })
    }

    fn waits_for_shutdown(&self) -> bool {
        !exit::begun()
            && !on_own_thread(self.library)
            && !sabotage::NO_SHUTDOWN_WAIT
            && self.library.waits_for_shutdown.is_some_and(|waits| waits())
    }
}

/// How long it is until a call boots a failed library again; `None`: no call does.
pub fn retry_after(library: &Library) -> Option<Duration> {
    let pause = settings::retry_pause(library)?;
    if sabotage::NO_RETRY_PAUSE {
        return Some(Duration::ZERO);
    }
    // This mark is made when a boot has failed, too.
    let failed = page().timeline.get(Mark::Ready).unwrap_or(0);
    let due = failed.saturating_add(pause);
    Some(Duration::from_nanos(due.saturating_sub(sys::monotonic())))
}

/// Whether boot, or the end of a generation, may be waiting for this very thread.
pub(crate) fn on_own_thread(library: &Library) -> bool {
    if sabotage::NO_OWN_THREAD_CHECK {
        return false;
    }
    page().is_boot_thread(sys::thread_id())
        || library
            .on_own_thread
            .is_some_and(|on_own_thread| on_own_thread())
}

/// Whether the library is to make no thread.
fn is_quiet(library: &Library) -> bool {
    settings::start(library) == Start::Quiet
}

fn make_boot_thread(library: &'static Library, tries: u32) -> bool {
    if page().is_threadless() {
        return false;
    }
    let size = settings::stack_size(library);
    let data = library as *const Library as *mut c_void;
    page().own();
    // One whose boot came to nothing, if there is one: it has ended, or is about to.
    join_boot_thread(Deadline::Never);
    page().thread_gone.change(1, 0);
    page().set_thread(MAKING);
    for left in (0..tries).rev() {
        if let Ok(handle) = thread::create(boot_thread, data, size) {
            page().set_thread(handle);
            return true;
        }
        if left > 0 {
            pause();
        }
    }
    page().set_thread(0);
    false
}

/// Makes a thread that runs the boot, which our caller has claimed, while the boot thread is behind the
/// barrier. A thread of its own, and not the caller's: what the boot waits for may need the loader, and
/// then the caller, who may be the one that keeps it locked, still has its deadline.
fn make_stand_in(library: &'static Library) -> bool {
    let data = library as *const Library as *mut c_void;
    page().set_stand_in(MAKING);
    let made = thread::create(stand_in, data, settings::stack_size(library));
    page().set_stand_in(*made.as_ref().unwrap_or(&0));
    made.is_ok()
}

extern "C" fn stand_in(library: *mut c_void) -> *mut c_void {
    // SAFETY: `make_stand_in` passes the library's table, which is a static.
    let library = unsafe { &*library.cast_const().cast::<Library>() };
    name_boot_thread(library.name);
    run(library);
    sys::NOTHING
}

/// Joins the stand-in, if there was one. Its boot is over; the boot thread alone calls this.
fn join_stand_in() {
    let page = page();
    // Its boot can be over before the one that made it has been told its handle.
    while page.stand_in() == MAKING {
        pause();
    }
    if page.stand_in() != 0 {
        // SAFETY: made by `thread::create`, and joined here alone.
        unsafe { thread::join(page.stand_in()) };
        page.set_stand_in(0);
    }
}

/// A millisecond's sleep that needs no C library: a wait for a word that nobody wakes.
pub(crate) fn pause() {
    Word::new(0).wait(0, Deadline::At(sys::monotonic() + PAUSE_NANOS));
}

extern "C" fn boot_thread(library: *mut c_void) -> *mut c_void {
    // SAFETY: `make_boot_thread` passes the library's table, which is a static.
    let library = unsafe { &*library.cast_const().cast::<Library>() };
    name_boot_thread(library.name);
    let page = page();
    page.timeline.set(Mark::Thread);
    // Nobody to pass it for: the constructor never ran, its `dlopen` is known to be over, or this is a
    // fork's child. There, unless the C library sees to it, the lock may belong to a thread that does not
    // exist: for ever.
    if !page.is_constructor_thread(0) && !sabotage::NO_BARRIER {
        loader::barrier();
    }
    // The `dlopen` that loaded us is over: nobody is inside it any more.
    page.set_constructor_thread(0);
    while !page.gate.claim() {
        // Another has claimed it, and this thread may still be wanted for `main`; unless that one
        // gives up, and then it is wanted for the boot.
        page.gate.wait_while(State::Booting, Deadline::Never);
        if page.gate.state() != State::Scheduled {
            join_stand_in();
            return end_boot_thread(library);
        }
    }
    if !run(library) {
        return sys::NOTHING;
    }
    // Boot may be going on elsewhere, on a thread that the duty to finish it was handed to.
    page.gate.wait_while(State::Booting, Deadline::Never);
    end_boot_thread(library)
}

/// What is left for the boot thread when boot is over, by whomever.
fn end_boot_thread(library: &'static Library) -> *mut c_void {
    let page = page();
    // Also when a shutdown has begun meanwhile: it waits for us, and may yet be called off.
    let over = matches!(
        page.gate.state(),
        State::Ready | State::Uncalled | State::Stopping
    );
    let booted = over && !page.has_failed();
    if let Some(main) = library.main
        && booted
        && page.claim_main()
    {
        let number = page.number();
        page.set_boot_thread(sys::thread_id());
        main();
        if page.number() != number {
            // As in `run`: main has forked.
            return sys::NOTHING;
        }
        page.set_boot_thread(0);
    }
    // Release, in `change`, pairs with the Acquire in `join_boot_thread`.
    page.thread_gone.change(0, 1);
    page.thread_gone.wake_all();
    sys::NOTHING
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
        page().unset_boot_thread(sys::thread_id());
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

/// Names this thread `LIBRARY-boot`, with as much of the library's name as fits.
fn name_boot_thread(library: &str) {
    if sabotage::NO_THREAD_NAMES {
        return;
    }
    const LONGEST: usize = 15;
    const SUFFIX: &[u8] = b"-boot";
    let mut name = [0; LONGEST + 1];
    let keep = library.len().min(LONGEST - SUFFIX.len());
    name[..keep].copy_from_slice(&library.as_bytes()[..keep]);
    name[keep..keep + SUFFIX.len()].copy_from_slice(SUFFIX);
    if let Ok(name) = CStr::from_bytes_until_nul(&name) {
        sys::name_thread(name);
    }
}
