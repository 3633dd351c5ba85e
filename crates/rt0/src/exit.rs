//! What happens to the present generation when the process exits.
//!
//! The thread that calls `exit` waits, at most for the time that the author or the host has set. The
//! work is done by another thread: a destructor or an exit of the author's that never returns can't
//! keep the process from ending.
//!
//! Under the start policy `quiet` there is no other thread. The same work is done by the one that calls
//! `exit`, with an eye on the clock; but a destructor of the author's, or an exit that is not async,
//! that never returns does keep the process from ending there.

use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rt0_core::generation::page;
use rt0_core::platform::thread;
use rt0_core::protocol::gate::State;
use rt0_core::sync::{Deadline, Waited, Word, clock};
use rt0_core::{fork, sabotage, this_library};

use crate::config::read::is_quiet;
use crate::generation::Generation;
use crate::in_flight::{self, Inside, Waiting};
use crate::interpose::thread_atexit;
use crate::platform::locals;
use crate::runtime::{self, panic};
use crate::shutdown;

const STACK: usize = 2 * 1024 * 1024;

/// The core's table leads here, on the thread that called `exit`.
pub(crate) fn at_exit(time: Duration) {
    if fork::check().is_err() {
        // A child in which nothing is to be touched.
        return;
    }
    // Without memory nothing can be ended, and the exit code is the host's.
    if page().gate.state() != State::Cold && locals::are_at_hand() {
        end_generation(time);
    }
    thread_atexit::run_for_this_thread();
}

fn end_generation(time: Duration) {
    in_flight::ends_process_here();
    let time = if sabotage::NO_EXIT_BOUND {
        Duration::from_secs(3600)
    } else {
        time
    };
    let deadline = clock::after(time);
    // Asked here: the answers are this thread's.
    let waits_for_itself = runtime::on_own_thread();
    if waits_for_itself || deadline == Deadline::Passed {
        // Main may still notice; nobody can wait for it.
        let _ = panic::caught(tell);
        return;
    }
    let work = Arc::new(Work {
        time,
        inside: Inside::already(),
        done: Word::new(0),
    });
    if this_library().is_ok_and(is_quiet) {
        return work.run();
    }
    let _waiting = Waiting::begin();
    let data = Arc::into_raw(work.clone());
    match thread::create(on_other_thread, data.cast_mut().cast(), STACK) {
        Ok(handle) => {
            // SAFETY: made just now, and nobody else has the handle.
            unsafe { thread::detach(handle) };
            work.wait(deadline);
        }
        // SAFETY: nobody else was given it.
        Err(_) => unsafe { Arc::from_raw(data) }.run(),
    }
}

struct Work {
    time: Duration,
    /// Whether the thread that called `exit` did so inside one of the library's calls.
    inside: bool,
    /// 1 when it is done.
    done: Word,
}

impl Work {
    fn run(&self) {
        if let Ok(library) = this_library() {
            let _ = panic::caught(|| shutdown::at_exit(library, self.time, self.inside));
        }
    }

    fn wait(&self, deadline: Deadline) {
        // Acquire pairs with the Release in `on_other_thread`: what was dropped there is gone.
        while self.done.load(Ordering::Acquire) == 0 {
            if self.done.wait(0, deadline) == Waited::TimedOut {
                return;
            }
        }
    }
}

extern "C" fn on_other_thread(work: *mut c_void) -> *mut c_void {
    // SAFETY: `at_exit` made it of an Arc, for this thread.
    let work = unsafe { Arc::from_raw(work.cast_const().cast::<Work>()) };
    work.run();
    // What this thread would do at its end, while the time still runs.
    thread_atexit::run_for_this_thread();
    // Release, in `change`, pairs with the Acquire in `wait`.
    work.done.change(0, 1);
    work.done.wake_all();
    null_mut()
}

fn tell() {
    if let Some(_inside) = Inside::enter(|| page().gate.state().reported() == State::Ready) {
        // SAFETY: `_inside` holds a shutdown off.
        if let Some(generation) = unsafe { Generation::present() } {
            generation.stop.set();
        }
    }
}
