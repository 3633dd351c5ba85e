//! The thread that calls the host. It is made for the first event, and ends with the generation, or when the host does
//! not want to be told any more.

use std::ffi::c_void;
use std::ptr::null_mut;

use rt0_core::boot;
use rt0_core::platform::thread;

use super::inside;
use super::process::Events;
use crate::interpose::thread_atexit;
use crate::of_process::OfProcess;
use crate::runtime::{self, panic};

/// Enough for a callback that enters a virtual machine.
const STACK: usize = 2 * 1024 * 1024;

/// Makes the thread. False: the system gives none.
pub(super) fn make(events: &'static Events) -> bool {
    let data = (&raw const *events).cast_mut().cast();
    match thread::create(on_thread, data, STACK) {
        Ok(handle) => {
            // SAFETY: the thread was just made, and nobody else has the handle.
            unsafe { thread::detach(handle) };
            true
        }
        Err(_) => false,
    }
}

extern "C" fn on_thread(events: *mut c_void) -> *mut c_void {
    // SAFETY: `make` passes the events of a process, which are never freed.
    let events = unsafe { &*events.cast_const().cast::<Events>() };
    boot::name_thread(events.library.name(), "-events");
    thread::settle_signals();
    inside::begin();
    if panic::caught(|| serve(events)).is_err() && is_present(events) {
        // The next event makes another thread.
        events.thread_is_gone();
    }
    null_mut()
}

fn serve(events: &'static Events) {
    loop {
        while let Some(taken) = events.take() {
            runtime::settle_signals_if_changed();
            // A call of the library's in the callback must not wait for what waits for the callback.
            runtime::as_own_thread(|| taken.host.call(taken.event));
            if !is_present(events) {
                // The callback has forked, and this is the child: nothing of this is its business.
                return;
            }
            events.is_told();
        }
        // This thread's destructors would run at its end. Run them now, while somebody may still wait for it.
        thread_atexit::run_for_this_thread();
        if events.may_end() {
            return;
        }
    }
}

fn is_present(events: &Events) -> bool {
    Events::present().is_some_and(|present| std::ptr::eq(present, events))
}
