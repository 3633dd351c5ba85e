//! The thread of a callback queue.

use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::ptr::null_mut;
use std::sync::Arc;
use std::time::Duration;

use rt0_core::platform::thread;
use rt0_core::{boot, sabotage, this_library};

use super::callback::Callback;
use super::queue::{Found, Queue};
use super::table::Ops;
use crate::generation::lost;
use crate::interpose::descriptors::LOOK;
use crate::of_process::OfProcess;
use crate::runtime::panic;

/// Enough for a host's callback.
const STACK: usize = 2 * 1024 * 1024;

/// Makes the thread of a callback queue. False: there is none to be had.
pub(super) fn begin(queue: &Arc<Queue>) -> bool {
    let data = Arc::into_raw(queue.clone());
    match thread::create(on_thread, data.cast_mut().cast(), STACK) {
        Ok(handle) => {
            // SAFETY: the thread was just made, and nobody else has the handle.
            unsafe { thread::detach(handle) };
            true
        }
        Err(_) => {
            // SAFETY: no thread was made, so nobody else took over this count of the `Arc`.
            drop(unsafe { Arc::from_raw(data) });
            false
        }
    }
}

extern "C" fn on_thread(queue: *mut c_void) -> *mut c_void {
    // SAFETY: `begin` made this pointer with `Arc::into_raw`, for this thread.
    let queue = unsafe { Arc::from_raw(queue.cast_const().cast::<Queue>()) };
    if let Ok(library) = this_library() {
        boot::name_thread(library.name(), "-done");
    }
    thread::settle_signals();
    if let Some(callback) = &queue.callback {
        let _ = panic::caught(|| serve(callback, &queue));
        callback.has_ended();
    }
    null_mut()
}

fn serve(callback: &Callback, queue: &Queue) {
    callback.begins_here();
    let mut room = [MaybeUninit::uninit()];
    let here = ops();
    // If the callback has forked, and this is the child, the queue is the parent's, also if the child has ops of its own.
    while !callback.is_silent() && (ops() == here || sabotage::NO_FORKED_CALLS) {
        match queue.take(&mut room) {
            Found::Tags(_) => {
                // SAFETY: `take` has stored one.
                let tag = unsafe { room[0].assume_init() };
                callback.call(tag);
                thread::settle_signals();
            }
            Found::Ended(_) => return,
            // Somebody must notice a loss, if anything is to come.
            Found::Nothing if queue.begun() > 0 => {
                queue.sleep(LOOK);
                lost::is_lost();
            }
            Found::Nothing => queue.sleep_unused(Duration::from_secs(3600)),
        }
    }
}

/// Tells this process from a fork's child.
fn ops() -> Option<*const Ops> {
    Ops::present().map(std::ptr::from_ref)
}
