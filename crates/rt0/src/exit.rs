//! What happens to the present generation when the process exits, or the host's virtual machine ahead of it.
//!
//! Another thread does the work. The thread that called `exit` waits for it, at most for the time that the
//! author or the host has set. So if the author's exit function or a destructor never returns, the process
//! still ends.
//!
//! Under the start policy `quiet` there is no other thread. There, the thread that called `exit` does the
//! same work and watches the clock. If a destructor, or an exit function that is not async, never returns,
//! the process does not end.

use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rt0_core::exit::ahead;
use rt0_core::generation::page;
use rt0_core::generation::steps::{self, Step};
use rt0_core::library::settings;
use rt0_core::platform::thread;
use rt0_core::protocol::gate::State;
use rt0_core::sync::{Deadline, Waited, Word, clock};
use rt0_core::{Library, fork, sabotage, this_library};

use crate::call::waiters;
use crate::config::Config;
use crate::config::read::is_quiet;
use crate::generation::Generation;
use crate::in_flight::{self, Inside, Waiting};
use crate::interpose::thread_atexit;
use crate::platform::locals;
use crate::report::file::{self, When};
use crate::runtime::{self, panic};
use crate::shutdown;

/// Called by the core, through its table, on the thread that called `exit`.
pub(crate) fn at_exit(library: &'static Library, time: Duration) {
    if fork::check().is_err() {
        // A fork's child in which nothing may be touched.
        return;
    }
    // Without memory for this thread's thread-locals the generation can't be ended. Don't try: glibc would
    // end the process, and the host's exit code would be lost.
    let at_hand = locals::are_at_hand();
    if at_hand {
        Config::tell_parts(|part, _| part.refuse(), Deadline::Passed);
    }
    if at_hand && page().gate.state() != State::Cold {
        let exit = steps::begin();
        in_flight::ends_process_here();
        let deadline = clock::after(time);
        end_generation(time);
        let _ = panic::caught(|| shutdown::parts_are_over(deadline));
        exit.ended(Step::Exit);
        file::write(library, When::Exit, None);
    }
    thread_atexit::run_for_this_thread();
}

/// The process in which the library ended ahead of the exit, plus one: see [`fork::incarnation`].
static AHEAD_IN: AtomicU32 = AtomicU32::new(0);

/// Whether the library ends, or has ended, ahead of this process: the host's virtual machine still runs.
#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
pub(crate) fn is_ahead() -> bool {
    AHEAD_IN.load(Ordering::Relaxed) == fork::incarnation().wrapping_add(1)
}

/// Does the same when the host's virtual machine ends, on a thread that lives on. Without a time it takes as long as
/// the exit of the process may. True if nothing is left.
///
/// # Errors
/// The host's function that a part has called has not returned.
pub(crate) fn ahead(library: &Library, time: Option<Duration>) -> Result<bool, String> {
    // Relaxed: whoever acts on it has seen the end begin, which comes after.
    AHEAD_IN.store(fork::incarnation().wrapping_add(1), Ordering::Relaxed);
    let is_first = ahead::begin();
    let of_exit = || Duration::from_millis(settings::of(library).exit_ms.into());
    let time = time.unwrap_or_else(of_exit);
    let deadline = clock::after(time);
    if is_first {
        waiters::refuse();
        Config::tell_parts(|part, _| part.refuse(), Deadline::Passed);
        if page().gate.state() != State::Cold {
            end_generation(time);
        }
    }
    // Also if no generation has begun: the parts need none to call the host.
    let over = panic::caught(|| shutdown::parts_are_over(deadline)).and_then(|over| over);
    if is_first {
        ahead::is_over();
    }
    let is_cold = page().gate.state() == State::Cold;
    if is_cold && !sabotage::NO_END_OF_PARTS {
        over?;
    }
    Ok(is_cold)
}

fn end_generation(time: Duration) {
    let time = if sabotage::NO_EXIT_BOUND {
        Duration::from_secs(3600)
    } else {
        time
    };
    let deadline = clock::after(time);
    // Ask on this thread: the answer depends on the thread.
    let waits_for_itself = runtime::on_own_thread();
    if waits_for_itself || deadline == Deadline::Passed {
        // Main may still notice the stop signal; nobody can wait for it.
        let _ = panic::caught(tell_main);
        return;
    }
    let work = Arc::new(Work {
        time,
        inside: Inside::already(),
        done: Word::new(0),
    });
    let Ok(library) = this_library() else {
        return;
    };
    if is_quiet(library) {
        return work.run();
    }
    if !sabotage::NO_GATE_FIRST {
        shutdown::close_at_once(library);
    }
    let _waiting = Waiting::begin();
    let data = Arc::into_raw(work.clone());
    match thread::create(on_other_thread, data.cast_mut().cast(), shutdown::STACK) {
        Ok(handle) => {
            // SAFETY: the thread was just created, and nobody else has the handle.
            unsafe { thread::detach(handle) };
            work.wait(deadline);
        }
        // SAFETY: no thread was made, so nobody else took over this count of the `Arc`.
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
    // SAFETY: `end_generation` made this pointer with `Arc::into_raw`, for this thread.
    let work = unsafe { Arc::from_raw(work.cast_const().cast::<Work>()) };
    work.run();
    // This thread's destructors would run at its end. Run them now, while the other thread still waits.
    thread_atexit::run_for_this_thread();
    // Release, in `change`, pairs with the Acquire in `wait`.
    work.done.change(0, 1);
    work.done.wake_all();
    null_mut()
}

fn tell_main() {
    if let Some(_inside) = Inside::enter(|| page().gate.state().reported() == State::Ready) {
        // SAFETY: `_inside` holds a shutdown off.
        if let Some(generation) = unsafe { Generation::present() } {
            generation.stop.set();
        }
    }
}
