//! The boot thread, which stays to run main.

use core::ffi::c_void;
use core::ptr::null_mut;
use core::sync::atomic::Ordering;

use super::name::name_thread;
use super::run::run;
use super::stand_in::join_stand_in;
use crate::generation::timeline::Mark;
use crate::generation::{self, MAKING, page};
use crate::library::{Library, settings};
use crate::platform::thread::signals::{self, Asker};
use crate::platform::thread::{self, pause};
use crate::platform::{kernel, loader};
use crate::protocol::gate::State;
use crate::sync::{Deadline, Waited};
use crate::{fork, sabotage};

/// How often a caller asks for a thread before it goes on without one, with a pause between the tries.
pub(crate) const TRIES: u32 = 4;

/// Called by the constructor: makes the boot thread, with one try and no pause.
pub(crate) fn schedule(library: &'static Library) {
    if page().gate.schedule() && !make_boot_thread(library, signals::asker(), 1) {
        page().gate.unschedule();
    }
}

/// Makes the boot thread. False: the system gave none.
pub(crate) fn make_boot_thread(library: &'static Library, asker: Asker, tries: u32) -> bool {
    if page().is_threadless() {
        return false;
    }
    let size = settings::of(library).stack_size;
    let data = library as *const Library as *mut c_void;
    fork::own_page();
    // The boot thread of a boot that came to nothing, if there is one: it has ended or is about to.
    join_boot_thread(Deadline::Never);
    page().thread_gone.change(1, 0);
    signals::note_loader(asker);
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
    name_thread(library.name, "-boot");
    signals::look(settings::of(library).collector_signals);
    thread::settle_signals();
    let page = page();
    page.timeline.set(Mark::Thread);
    // Without a constructor thread there is nothing to wait for: the constructor never ran, its `dlopen` is
    // known to be over, or this is a fork's child. In a child the loader lock may belong to a thread that
    // does not exist there, and so stay locked for ever, unless the C library takes care of it.
    if page.has_constructor_thread() && !sabotage::NO_BARRIER {
        if !loader::barrier() {
            if let Some(wait) = library.wait_for_loader {
                wait();
            }
        }
        page.timeline.set(Mark::Barrier);
    }
    // The `dlopen` that loaded us is over: no thread is inside it any more.
    page.set_constructor_thread(0);
    while !page.gate.claim() {
        // Another thread has claimed the boot. This thread may still be needed for `main`, or for the boot if
        // the other gives up.
        page.gate.wait_while(State::Booting, Deadline::Never);
        if page.gate.state() != State::Scheduled {
            join_stand_in();
            return end_boot_thread(library);
        }
    }
    if !run(library) {
        return null_mut();
    }
    // The boot may be going on elsewhere, on a thread that was handed the duty to finish it.
    page.gate.wait_while(State::Booting, Deadline::Never);
    end_boot_thread(library)
}

/// What the boot thread does when the boot is over, whichever thread ran it.
fn end_boot_thread(library: &'static Library) -> *mut c_void {
    // The threads that waited for the boot are awake now, but may be queued behind this one for its processor.
    // Ending a thread takes longer than a call.
    kernel::give_way();
    let page = page();
    // This includes STOPPING: a shutdown that has begun meanwhile waits for us, and may still be called off.
    let over = matches!(
        page.gate.state(),
        State::Ready | State::Uncalled | State::Stopping
    );
    let booted = over && !page.has_failed();
    if let Some(main) = library.main {
        if booted && page.claim_main() {
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
    }
    // Release, in `change`, pairs with the Acquire in `join_boot_thread`.
    page.thread_gone.change(0, 1);
    page.thread_gone.wake_all();
    null_mut()
}

/// Waits until the boot thread has nothing more to do, and joins it. False: the deadline passed first. Only
/// the thread that ends the generation calls this.
pub(crate) fn join_boot_thread(deadline: Deadline) -> bool {
    let page = page();
    if page.thread() == 0 {
        return true;
    }
    // Acquire pairs with the Release in `end_boot_thread`.
    while page.thread_gone.load(Ordering::Acquire) == 0 {
        if page.thread_gone.wait(0, deadline) == Waited::TimedOut {
            return false;
        }
    }
    // The boot thread can be done before the thread that made it has been told its handle.
    while page.thread() == MAKING {
        pause();
    }
    if !sabotage::NO_JOIN {
        // SAFETY: `thread::create` made the handle, and it is joined once: by the thread that ends the
        // generation.
        unsafe { thread::join(page.thread()) };
    }
    page.set_thread(0);
    true
}

/// Joins the boot thread of a generation that is lost, or leaves it behind. If the thread sleeps in something
/// that was lost, this stops waiting for it at the deadline and detaches it. The thread then belongs to no
/// generation, and notices that if it ever goes on. Only the thread that ends the generation calls this, when
/// no call is inside.
pub fn join_or_leave_boot_thread(deadline: Deadline) {
    if join_boot_thread(deadline) {
        return;
    }
    while page().thread() == MAKING {
        pause();
    }
    // SAFETY: `thread::create` made the handle, and it is not joined: nobody else has the right to.
    unsafe { thread::detach(page().thread()) };
    page().set_thread(0);
    // The thread compares its number to see that the page is not its own any more.
    generation::renumber();
}
