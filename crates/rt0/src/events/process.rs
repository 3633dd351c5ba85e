//! What a process has one of, once a host has registered: the queue behind its lock, and the waits until it is told.
//!
//! A new registration takes effect at once for the events that come, and returns when those of the former one are told.
//! A shutdown refuses what comes after its generation, and returns when everything is told and the thread has ended.

use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, AtomicU8, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rt0_core::generation::page;
use rt0_core::sync::{Deadline, clock};
use rt0_core::{Library, sabotage};

use super::host::{Event, Host};
use super::inside;
use super::queue::{Queue, Taken};
use super::spans::Spans;
use crate::of_process::OfProcess;

/// How long a thread that has nothing left to do may take to end on a busy machine.
const THREAD_ENDS: Duration = Duration::from_millis(100);

/// What a process has one of, once a host has registered.
pub(crate) struct Events {
    pub library: &'static Library,
    /// What the host wants to hear of: 0, nothing, to 5. Relaxed everywhere: it only saves work; the queue decides.
    level: AtomicU8,
    /// Held by whoever registers.
    pub registering: Mutex<()>,
    /// Makes the thread. False: the system gives none.
    make_thread: fn(&'static Events) -> bool,
    told: Mutex<Told>,
    /// Something in `told` has changed that somebody sleeps for.
    changed: Condvar,
    spans: Mutex<Spans>,
}

#[derive(Default)]
struct Told {
    queue: Queue,
    /// Whether there is a thread.
    has_thread: bool,
    /// Whether it ends when it has nothing to do.
    thread_ends: bool,
    thread_sleeps: bool,
    /// The generation that has ended last. Until the next one begins, nobody is told anything.
    ended: u32,
}

// SAFETY: this is the only use of the word.
unsafe impl OfProcess for Events {
    fn word() -> &'static AtomicPtr<()> {
        if sabotage::NO_FORKED_EVENTS {
            static BESIDE_THE_PAGE: AtomicPtr<()> = AtomicPtr::new(null_mut());
            return &BESIDE_THE_PAGE;
        }
        &page().events
    }

    fn last() -> &'static AtomicPtr<Events> {
        static LAST: AtomicPtr<Events> = AtomicPtr::new(null_mut());
        &LAST
    }
}

impl Events {
    pub fn new(library: &'static Library, make_thread: fn(&'static Events) -> bool) -> Events {
        Events {
            library,
            level: AtomicU8::new(0),
            registering: Mutex::new(()),
            make_thread,
            told: Mutex::default(),
            changed: Condvar::new(),
            spans: Mutex::new(Spans::of_this_process()),
        }
    }

    /// What the host wants to hear of: 0, nothing, to 5.
    pub fn level(&self) -> u8 {
        self.level.load(Ordering::Relaxed)
    }

    /// The spans that are open. No foreign code runs with the lock held.
    pub fn spans(&self) -> MutexGuard<'_, Spans> {
        self.spans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Told> {
        // Nothing panics while the lock is held but a lack of memory, which leaves the queue as it was.
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sleeps until something changes. False: the deadline has passed.
    fn sleep<'a>(
        &self,
        told: MutexGuard<'a, Told>,
        deadline: Deadline,
    ) -> (MutexGuard<'a, Told>, bool) {
        match clock::left(deadline) {
            None => {
                let told = self.changed.wait(told);
                (told.unwrap_or_else(PoisonError::into_inner), true)
            }
            Some(Duration::ZERO) => (told, false),
            Some(left) => {
                let result = self.changed.wait_timeout(told, left);
                (result.unwrap_or_else(PoisonError::into_inner).0, true)
            }
        }
    }

    /// Has this event told, if anybody is to be told.
    pub fn push(&'static self, event: Event) {
        let mut told = self.lock();
        if !told.queue.has_host() {
            return;
        }
        if told.ended != 0 && told.ended == page().number() && !sabotage::NO_END_OF_EVENTS {
            return;
        }
        told.queue.push(event, self.level());
        self.have_thread(told);
    }

    /// Wakes the thread, or makes it.
    fn have_thread(&'static self, mut told: MutexGuard<'_, Told>) {
        told.thread_ends = false;
        if told.has_thread {
            let sleeps = std::mem::take(&mut told.thread_sleeps);
            drop(told);
            if sleeps {
                self.changed.notify_all();
            }
            return;
        }
        told.has_thread = true;
        drop(told);
        if !(self.make_thread)(self) {
            // The next event tries again.
            self.thread_is_gone();
        }
    }

    /// The next event to tell, for the thread. It sleeps until there is one. `None`: the thread is to end.
    pub fn take(&self) -> Option<Taken> {
        let mut told = self.lock();
        loop {
            if let Some(taken) = told.queue.take(self.level()) {
                return Some(taken);
            }
            if told.thread_ends {
                return None;
            }
            told.thread_sleeps = true;
            (told, _) = self.sleep(told, Deadline::Never);
        }
    }

    /// The thread has called the host.
    pub fn is_told(&self) {
        self.lock().queue.is_told();
        self.changed.notify_all();
    }

    /// The thread ends. False: it must not, there is something to do.
    pub fn may_end(&self) -> bool {
        let mut told = self.lock();
        let over = told.thread_ends && told.queue.is_empty();
        if over {
            told.has_thread = false;
            self.changed.notify_all();
        }
        over
    }

    pub fn thread_is_gone(&self) {
        self.lock().has_thread = false;
        self.changed.notify_all();
    }

    /// From now on this is whom events are told. Returns the number of the registration.
    pub fn set_host(&self, host: Option<Host>, level: u8) -> u64 {
        let mut told = self.lock();
        let registration = told.queue.set_host(host, self.level());
        self.level.store(level, Ordering::Relaxed);
        registration
    }

    /// Waits until the events of all registrations before this one are told, and no call of theirs is under way.
    pub fn finish_before(&'static self, registration: u64) {
        let mut told = self.lock();
        while told.queue.is_anything_before(registration) && !sabotage::NO_EVENTS_BARRIER {
            if !told.has_thread {
                self.have_thread(told);
                told = self.lock();
                if !told.has_thread {
                    // There is no thread to be had.
                    told.queue.drop_all();
                    continue;
                }
            }
            (told, _) = self.sleep(told, Deadline::Never);
        }
    }

    /// Nobody is to be told anything any more, and nothing waits: has the thread end, and gives the memory back.
    pub fn rest(&self) {
        let mut told = self.lock();
        told.queue.drop_all();
        told.thread_ends = true;
        told.thread_sleeps = false;
        self.changed.notify_all();
    }

    /// For the end of a generation: refuses what comes, and waits until everything is told and the thread has ended.
    ///
    /// # Errors
    /// The deadline has passed, and a call is under way. What waits is dropped.
    pub fn end(&'static self, deadline: Deadline) -> Result<(), String> {
        let mut told = self.lock();
        told.ended = page().number();
        told.queue.close_gap(self.level());
        if inside::is_this_one() {
            return Ok(());
        }
        if !told.queue.is_empty() && !told.has_thread {
            self.have_thread(told);
            told = self.lock();
        }
        told.thread_ends = true;
        told.thread_sleeps = false;
        self.changed.notify_all();
        let deadline = deadline.max(clock::after(THREAD_ENDS));
        loop {
            if sabotage::NO_EVENTS_BARRIER {
                return Ok(());
            }
            if !told.has_thread {
                // There was none to be had for what is left.
                told.queue.drop_all();
                return Ok(());
            }
            let in_time;
            (told, in_time) = self.sleep(told, deadline);
            if !in_time {
                told.queue.drop_all();
                return match told.queue.is_calling() {
                    true => Err(BUSY.to_owned()),
                    false => Ok(()),
                };
            }
        }
    }
}

const BUSY: &str =
    "the host's callback for events has not returned, and is not waited for any longer";
