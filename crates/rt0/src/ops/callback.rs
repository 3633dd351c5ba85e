//! Callback queues: a thread (`calling`) calls the host for each tag. The last choice of a host.
//!
//! The thread is one of the library's own. It takes one tag at a time and calls without a lock. When the queue was
//! freed, or the library shut down, the thread has made its last call: both wait for it.

use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use rt0_core::platform::kernel;
use rt0_core::sabotage;
use rt0_core::sync::{Deadline, Waited, Word};

use crate::runtime;

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

    /// Waits until the thread has made its last call: the queue has ended, or is silent. Does not wait on that thread
    /// itself. False: the deadline has passed.
    pub fn wait_ended(&self, deadline: Deadline) -> bool {
        // Relaxed: this thread has stored its own id itself, and no other thread has it.
        let here = self.thread.load(Ordering::Relaxed) == kernel::thread_id();
        if here || sabotage::NO_CALLBACK_END {
            return true;
        }
        // Acquire pairs with the Release in `has_ended`.
        while self.ended.load(Ordering::Acquire) == 0 {
            if self.ended.wait(0, deadline) == Waited::TimedOut {
                return self.ended.load(Ordering::Acquire) == 1;
            }
        }
        true
    }

    /// This thread makes the calls.
    pub fn begins_here(&self) {
        self.thread.store(kernel::thread_id(), Ordering::Relaxed);
    }

    /// Whether nothing is called any more.
    pub fn is_silent(&self) -> bool {
        // Relaxed: see `silence`.
        self.silent.load(Ordering::Relaxed)
    }

    /// Calls the host.
    pub fn call(&self, tag: u64) {
        // SAFETY: the host says that this can be called on this thread.
        runtime::as_own_thread(|| unsafe { (self.done)(self.user, tag) });
    }

    /// The last call has returned.
    pub fn has_ended(&self) {
        // Release, in `change`, pairs with the Acquire in `wait_ended`.
        self.ended.change(0, 1);
        self.ended.wake_all();
    }
}
