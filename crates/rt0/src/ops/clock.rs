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
use rt0_core::{boot, sabotage, this_library};

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
    /// How many ops with a deadline are about to begin.
    wanted: usize,
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

/// An op with a deadline is about to begin: its thread is there, and stays until then.
pub(super) struct Wanted(&'static Clock);

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.lock().wanted -= 1;
    }
}

impl Times {
    /// If so, the caller must make the thread. It expires ops like this.
    fn makes_thread(&mut self, expire: Expire) -> bool {
        let makes = self.thread.is_none() && !this_library().is_ok_and(is_quiet);
        if makes {
            self.thread = Some(None);
            self.expire = expire;
        }
        makes
    }

    /// Whether there is an op for the thread, or is about to be one.
    fn is_needed(&self) -> bool {
        self.wanted > 0 || !self.due.is_empty()
    }
}

impl Clock {
    pub const fn new() -> Clock {
        Clock {
            times: Mutex::new(Times {
                due: BTreeSet::new(),
                wanted: 0,
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

    /// Sees to it that there is a thread, for an op that is about to begin. To be called before anything is taken from
    /// the host that it could not get back.
    pub fn want(&'static self, expire: Expire) -> Result<Wanted, NoClock> {
        let mut times = self.lock();
        times.wanted += 1;
        if sabotage::NO_CLOCK_FIRST {
            drop(times);
            return Ok(Wanted(self));
        }
        let wanted = Wanted(self);
        // It is being made, or is not to be had.
        while times.thread == Some(None) {
            drop(times);
            thread::pause();
            times = self.lock();
        }
        let makes = times.makes_thread(expire);
        drop(times);
        if makes {
            self.make_thread()?;
        }
        Ok(wanted)
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
        let makes = times.makes_thread(expire);
        drop(times);
        if makes {
            return self.make_thread().inspect_err(|_| self.remove(head));
        }
        if is_first {
            self.change();
        }
        Ok(())
    }

    fn make_thread(&'static self) -> Result<(), NoClock> {
        let data = (&raw const *self).cast_mut().cast();
        let made = thread::create(on_thread, data, STACK);
        self.lock().thread = made.ok().map(Some);
        made.map(drop).map_err(|_| NoClock)
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

    /// Ends the thread, and waits for that: all ops of the generation are done. If another thread begins one of the next,
    /// its clock stays.
    pub fn end(&'static self) {
        let mut times = self.lock();
        let handle = loop {
            if times.is_needed() {
                return;
            }
            match times.thread {
                Some(Some(handle)) => break handle,
                None => return,
                // It is being made, for an op that waits for the next generation.
                Some(None) => drop(times),
            }
            thread::pause();
            times = self.lock();
        };
        times.ends = true;
        drop(times);
        self.change();
        // SAFETY: `make_thread` has stored it, and only the shutdown comes here, of which there is one at a time.
        unsafe { thread::join(handle) };
        let mut times = self.lock();
        times.ends = false;
        times.thread = None;
        // An op has relied on the thread that was about to end.
        if times.is_needed() {
            times.thread = Some(None);
            drop(times);
            let _ = self.make_thread();
        }
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

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::super::kind::Kind;
    use super::*;

    static CLOCK: Clock = Clock::new();
    static KIND: Kind = Kind::new("test", None, false);
    /// The op whose time is just being ended, and the one that the test lets go.
    static ENDS: AtomicUsize = AtomicUsize::new(0);
    static GOES: AtomicUsize = AtomicUsize::new(0);

    fn expire(number: usize) {
        ENDS.store(number, Ordering::SeqCst);
        until(|| GOES.load(Ordering::SeqCst) >= number);
    }

    fn until(what: impl Fn() -> bool) {
        while !what() {
            std::thread::yield_now();
        }
    }

    fn add(number: usize, in_ms: u64) {
        let at = kernel::monotonic() + in_ms * 1_000_000;
        let head = Head::new(&KIND, number, NonZeroU64::new(at), None, 0);
        assert!(CLOCK.add(&head, expire).is_ok());
    }

    /// Where calls wait for the next generation during a shutdown, one of its ops can come while the thread ends.
    #[test]
    fn a_deadline_that_comes_while_the_thread_ends_has_the_next_thread() {
        add(1, 0);
        until(|| ENDS.load(Ordering::SeqCst) == 1);
        std::thread::scope(|scope| {
            scope.spawn(|| CLOCK.end());
            until(|| CLOCK.lock().ends);
            // Later than the thread looks at what is over, unless the machine is very busy.
            add(2, 300);
            GOES.store(2, Ordering::SeqCst);
        });
        assert!(CLOCK.lock().thread.is_some() || ENDS.load(Ordering::SeqCst) == 2);
        until(|| ENDS.load(Ordering::SeqCst) == 2);
        CLOCK.end();
        assert!(CLOCK.lock().thread.is_none());
    }
}
