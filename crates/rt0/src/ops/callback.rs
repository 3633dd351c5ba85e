//! Callback queues: a thread that calls the host for each tag. The last choice of a host.
//!
//! The thread is one of the library's own. It takes one tag at a time and calls without a lock. When the queue was
//! freed, or the library shut down, the thread has made its last call: both wait for it.

use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use rt0_core::platform::{kernel, thread};
use rt0_core::sync::{Deadline, Waited, Word};
use rt0_core::{boot, sabotage, this_library};

use super::queue::{End, Found, Queue};
use super::table::Ops;
use crate::generation::lost;
use crate::interpose::descriptors::LOOK;
use crate::of_process::OfProcess;
use crate::runtime::{self, panic};

/// Enough for a host's callback.
const STACK: usize = 2 * 1024 * 1024;

/// What a callback queue calls.
pub type Done = unsafe extern "C" fn(user: *mut c_void, tag: u64);

/// Whom a callback queue calls.
pub(super) struct Callback {
    done: Done,
    user: *mut c_void,
    /// The id of its thread, once that runs.
    thread: AtomicU32,
    /// 1 when its thread calls no more.
    ended: Word,
    /// Nothing is called any more.
    silent: AtomicBool,
}

// SAFETY: the host says that `done` may be called with `user` on another thread, by making a callback queue.
unsafe impl Send for Callback {}
// SAFETY: as above; only its thread uses them.
unsafe impl Sync for Callback {}

impl Callback {
    pub fn new(done: Done, user: *mut c_void) -> Callback {
        Callback {
            done,
            user,
            thread: AtomicU32::new(0),
            ended: Word::new(0),
            silent: AtomicBool::new(false),
        }
    }

    /// From now on nothing is called: the process exits, and the host's virtual machine may be gone.
    pub fn silence(&self) {
        // Relaxed: a call that is about to begin may begin.
        self.silent.store(true, Ordering::Relaxed);
    }

    /// Waits until the thread has made its last call. The queue has ended. Does nothing on that thread itself.
    pub fn wait_ended(&self, deadline: Deadline) {
        // Relaxed: this thread has stored its own id itself, and no other thread has it.
        let here = self.thread.load(Ordering::Relaxed) == kernel::thread_id();
        if here || sabotage::NO_CALLBACK_END {
            return;
        }
        // Acquire pairs with the Release in `on_thread`.
        while self.ended.load(Ordering::Acquire) == 0 {
            if self.ended.wait(0, deadline) == Waited::TimedOut {
                return;
            }
        }
    }

    fn serve(&self, queue: &Queue) {
        self.thread.store(kernel::thread_id(), Ordering::Relaxed);
        let mut room = [MaybeUninit::uninit()];
        loop {
            // Relaxed: see `silence`.
            if self.silent.load(Ordering::Relaxed) || Ops::present().is_none() {
                return;
            }
            match queue.take(&mut room) {
                Found::Tags(_) => {
                    // SAFETY: `take` has stored one.
                    let tag = unsafe { room[0].assume_init() };
                    // SAFETY: the host says that this can be called.
                    runtime::as_own_thread(|| unsafe { (self.done)(self.user, tag) });
                    thread::settle_signals();
                }
                Found::Ended(End::Freed | End::ShutDown) => return,
                // Somebody must notice a loss, if anything is to come.
                Found::Nothing if queue.begun() > 0 => {
                    queue.sleep(LOOK);
                    lost::is_lost();
                }
                Found::Nothing => queue.sleep(Duration::from_secs(3600)),
            }
        }
    }
}

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
        let _ = panic::caught(|| callback.serve(&queue));
        // Release, in `change`, pairs with the Acquire in `wait_ended`.
        callback.ended.change(0, 1);
        callback.ended.wake_all();
    }
    null_mut()
}
