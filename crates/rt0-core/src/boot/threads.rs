//! The threads that boot runs on: the boot thread, which stays for main, and its stand-in.

use core::ffi::{CStr, c_void};
use core::sync::atomic::Ordering;

use rt0_abi::Status;

use super::run;
use crate::gate::State;
use crate::generation::{self, MAKING, page};
use crate::library::Library;
use crate::pause::pause;
use crate::sync::{Deadline, Waited};
use crate::timeline::Mark;
use crate::{cut, fork, loader, sabotage, settings, signals, sys, thread};

/// After how long without a sign of the boot thread a shutdown takes it to be stuck behind the loader.
const INSIDE_NANOS: u64 = 1_000_000_000;

/// How often a shutdown looks whether there is a new boot thread.
const LOOK_NANOS: u64 = 10_000_000;

/// How often a caller asks for a thread before it does without, with a pause between.
pub(super) const TRIES: u32 = 4;

/// The constructor's part: makes the boot thread, with one try and no pause.
pub(crate) fn schedule(library: &'static Library) {
    if page().gate.schedule() && !make_boot_thread(library, 1) {
        page().gate.unschedule();
    }
}

/// Remembers that this thread runs the constructor, also where the boot comes later: a constructor of
/// another library can call us inside the same `dlopen`. The boot thread forgets it again; one that a
/// call before the constructor has begun knows nothing of it, and would not.
pub(crate) fn in_constructor() {
    let begun = page().thread() != 0 || page().gate.state() != State::Cold;
    if !begun || sabotage::NO_BEGUN_CHECK {
        page().set_constructor_thread(sys::this_thread());
    }
}

/// Waits until the boot thread has passed the loader barrier, where there is one: before that it can't be
/// joined. It may be this very thread that it waits for, inside the `dlopen` that loads the library.
///
/// # Errors
/// [`Status::WouldDeadlock`] when that seems to be so: the boot thread has not shown up in all that
/// time. [`Status::TimedOut`] when the deadline comes first, because of some other thread's `dlopen`.
pub(crate) fn outside_dlopen(deadline: Deadline) -> Result<(), Status> {
    let me = sys::this_thread();
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
pub(super) fn is_boot_thread_at_barrier() -> bool {
    page().thread() != 0 && page().has_constructor_thread()
}

/// Until when a shutdown can wait before it asks [`outside_dlopen`] again: a boot thread may be made
/// meanwhile, and wait for this very thread.
pub(crate) fn next_look() -> Deadline {
    if page().has_constructor_thread() {
        Deadline::At(sys::monotonic() + LOOK_NANOS)
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

/// The same for a generation that is lost: a thread that sleeps in what was lost is not waited for any
/// longer than this. It belongs to nothing then, and would find that out if it ever went on. Only the one
/// who ends the generation calls this, when no call is inside.
pub fn join_or_leave_boot_thread(deadline: Deadline) {
    if join_boot_thread(deadline) {
        return;
    }
    while page().thread() == MAKING {
        pause();
    }
    // SAFETY: made by `thread::create`, and not joined: nobody else has the right to.
    unsafe { thread::detach(page().thread()) };
    page().set_thread(0);
    // By its number it knows that the page is not its own any more.
    generation::renumber();
}

pub(super) fn make_boot_thread(library: &'static Library, tries: u32) -> bool {
    if page().is_threadless() {
        return false;
    }
    let size = settings::stack_size(library);
    let data = library as *const Library as *mut c_void;
    fork::own();
    // One whose boot came to nothing, if there is one: it has ended, or is about to.
    join_boot_thread(Deadline::Never);
    page().thread_gone.change(1, 0);
    signals::note_loader();
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
pub(super) fn make_stand_in(library: &'static Library) -> bool {
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
    thread::settle_signals();
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

extern "C" fn boot_thread(library: *mut c_void) -> *mut c_void {
    // SAFETY: `make_boot_thread` passes the library's table, which is a static.
    let library = unsafe { &*library.cast_const().cast::<Library>() };
    name_boot_thread(library.name);
    signals::look(library);
    thread::settle_signals();
    let page = page();
    page.timeline.set(Mark::Thread);
    // Nobody to pass it for: the constructor never ran, its `dlopen` is known to be over, or this is a
    // fork's child. There, unless the C library sees to it, the lock may belong to a thread that does not
    // exist: for ever.
    if page.has_constructor_thread() && !sabotage::NO_BARRIER {
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
        page.set_boot_thread(sys::this_thread());
        // The host may have installed its handlers meanwhile.
        thread::settle_signals();
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

/// Names this thread `LIBRARY-boot`, with as much of the library's name as fits.
fn name_boot_thread(library: &str) {
    if sabotage::NO_THREAD_NAMES {
        return;
    }
    const LONGEST: usize = 15;
    const SUFFIX: &[u8] = b"-boot";
    let mut name = [0; LONGEST + 1];
    let keep = cut::that_fit(library.as_bytes(), LONGEST - SUFFIX.len());
    name[..keep].copy_from_slice(&library.as_bytes()[..keep]);
    name[keep..keep + SUFFIX.len()].copy_from_slice(SUFFIX);
    if let Ok(name) = CStr::from_bytes_until_nul(&name) {
        sys::name_thread(name);
    }
}
