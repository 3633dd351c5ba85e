//! The boot thread, which stays for main.

use core::ffi::c_void;
use core::ptr::null_mut;
use core::sync::atomic::Ordering;

use super::run::{name_boot_thread, run};
use super::stand_in::join_stand_in;
use crate::generation::timeline::Mark;
use crate::generation::{self, MAKING, page};
use crate::library::{Library, settings};
use crate::platform::thread::{self, pause, signals};
use crate::platform::{kernel, loader};
use crate::protocol::gate::State;
use crate::sync::{Deadline, Waited};
use crate::{fork, sabotage};

/// How often a caller asks for a thread before it does without, with a pause between.
pub(crate) const TRIES: u32 = 4;

/// The constructor's part: makes the boot thread, with one try and no pause.
pub(crate) fn schedule(library: &'static Library) {
    if page().gate.schedule() && !make_boot_thread(library, 1) {
        page().gate.unschedule();
    }
}

/// Makes the boot thread. False when there is none to be had.
pub(crate) fn make_boot_thread(library: &'static Library, tries: u32) -> bool {
    if page().is_threadless() {
        return false;
    }
    let size = settings::of(library).stack_size;
    let data = library as *const Library as *mut c_void;
    fork::own_page();
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

extern "C" fn boot_thread(library: *mut c_void) -> *mut c_void {
    // SAFETY: `make_boot_thread` passes the library's table, which is a static.
    let library = unsafe { &*library.cast_const().cast::<Library>() };
    name_boot_thread(library.name);
    signals::look(settings::of(library).collector_signals);
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
        return null_mut();
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
        page.set_boot_thread(kernel::this_thread());
        // The host may have installed its handlers meanwhile.
        thread::settle_signals();
        main();
        if page.number() != number {
            // As in `run`: main has forked.
            return null_mut();
        }
        page.set_boot_thread(0);
    }
    // Release, in `change`, pairs with the Acquire in `join_boot_thread`.
    page.thread_gone.change(0, 1);
    page.thread_gone.wake_all();
    null_mut()
}

/// Waits for the boot thread to have nothing more to do, and joins it. False when the deadline passes
/// first. Only the thread that ends the generation calls this.
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
        // SAFETY: made by `thread::create`, and joined once: by the thread that ends the generation.
        unsafe { thread::join(page.thread()) };
    }
    page.set_thread(0);
    true
}

/// The same for a generation that is lost: a thread that sleeps in what was lost is not waited for any
/// longer than this. It belongs to nothing then, and would find that out if it ever went on. Only the
/// thread that ends the generation calls this, when no call is inside.
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
