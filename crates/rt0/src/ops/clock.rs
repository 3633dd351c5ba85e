//! The deadlines of ops: one thread that sleeps until the first, made with the first op that has one.
//!
//! (tokio's own clock is compiled in only if the author's crate asks for it.) Under the start policy `quiet`, which
//! makes no threads, those who wait look at the clock instead.

use std::collections::BTreeSet;
use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rt0_core::platform::{kernel, thread};
use rt0_core::sync::{Deadline, Word};
use rt0_core::{boot, this_library};

use super::op::Head;
use crate::config::read::is_quiet;
use crate::runtime::{self, panic};

/// Enough for a wake-up of any executor.
const STACK: usize = 256 * 1024;

pub(super) struct Clock {
    times: Mutex<Times>,
    /// Changes when the thread must look again.
    changed: Word,
}

struct Times {
    /// When which op's time is over.
    due: BTreeSet<(u64, usize)>,
    /// The thread's handle, once there is one. `Some(None)`: it is being made.
    thread: Option<Option<usize>>,
    /// The thread must end.
    ends: bool,
    /// What the thread does with an op whose time is over.
    expire: Expire,
}

/// Ends the op with this number.
pub(super) type Expire = fn(usize);

/// No thread could be made for the clock.
pub(super) struct NoClock;

impl Clock {
    pub const fn new() -> Clock {
        Clock {
            times: Mutex::new(Times {
                due: BTreeSet::new(),
                thread: None,
                ends: false,
                expire: |_| (),
            }),
            changed: Word::new(0),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Times> {
        // Nothing panics while the lock is held but a lack of memory, which leaves the set as it was.
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the deadline of an op, if it has one.
    pub fn add(&'static self, head: &Head, expire: Expire) -> Result<(), NoClock> {
        let Some(at) = head.deadline else {
            return Ok(());
        };
        let entry = (at.get(), head.number);
        let mut times = self.lock();
        times.due.insert(entry);
        let is_first = times.due.first() == Some(&entry);
        let makes = times.thread.is_none() && !this_library().is_ok_and(is_quiet);
        if makes {
            times.thread = Some(None);
            times.expire = expire;
        }
        drop(times);
        if makes {
            return self.make_thread(entry);
        }
        if is_first {
            self.change();
        }
        Ok(())
    }

    fn make_thread(&'static self, entry: (u64, usize)) -> Result<(), NoClock> {
        let data = (&raw const *self).cast_mut().cast();
        let made = thread::create(on_thread, data, STACK);
        let mut times = self.lock();
        times.thread = made.ok().map(Some);
        if made.is_err() {
            times.due.remove(&entry);
            return Err(NoClock);
        }
        Ok(())
    }

    /// Forgets an op that is done.
    pub fn remove(&self, head: &Head) {
        if let Some(at) = head.deadline {
            self.lock().due.remove(&(at.get(), head.number));
        }
    }

    /// When the next time is over.
    pub fn next(&self) -> Deadline {
        match self.lock().due.first() {
            Some(&(at, _)) => Deadline::At(at),
            None => Deadline::Never,
        }
    }

    /// Ends the ops whose time is over.
    pub fn look(&self, expire: Expire) {
        let now = kernel::monotonic();
        while let Some(number) = self.pop(now) {
            expire(number);
        }
    }

    fn pop(&self, now: u64) -> Option<usize> {
        let mut times = self.lock();
        let &(at, number) = times.due.first()?;
        if at > now {
            return None;
        }
        times.due.pop_first();
        Some(number)
    }

    fn change(&self) {
        loop {
            // Relaxed: `change` looks again.
            let seen = self.changed.load(std::sync::atomic::Ordering::Relaxed);
            if self.changed.change(seen, seen.wrapping_add(1)) {
                break;
            }
        }
        self.changed.wake_all();
    }

    /// Ends the thread, and waits for that: all ops are done.
    pub fn end(&self) {
        let mut times = self.lock();
        let Some(Some(handle)) = times.thread else {
            return;
        };
        times.ends = true;
        drop(times);
        self.change();
        // SAFETY: `make_thread` has stored it, and only the shutdown comes here, of which there is one at a time.
        unsafe { thread::join(handle) };
        let mut times = self.lock();
        times.ends = false;
        times.thread = None;
    }

    fn serve(&self) {
        loop {
            // Acquire pairs with the Release in `change`.
            let seen = self.changed.load(std::sync::atomic::Ordering::Acquire);
            let times = self.lock();
            let (ends, expire) = (times.ends, times.expire);
            drop(times);
            if ends {
                return;
            }
            runtime::as_own_thread(|| self.look(expire));
            self.changed.wait(seen, self.next());
        }
    }
}

extern "C" fn on_thread(clock: *mut c_void) -> *mut c_void {
    // SAFETY: `make_thread` passes a clock, which is never freed.
    let clock = unsafe { &*clock.cast_const().cast::<Clock>() };
    if let Ok(library) = this_library() {
        boot::name_thread(library.name(), "-clock");
    }
    thread::settle_signals();
    let _ = panic::caught(|| clock.serve());
    null_mut()
}
