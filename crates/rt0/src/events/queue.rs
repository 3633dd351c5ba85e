//! The events that wait for the host, behind one lock, and the waits until they are told.
//!
//! Each event belongs to the registration that was in force when it came. A new registration takes effect at once for
//! the events that come, and returns when those of the former one are told. A shutdown refuses what comes after its
//! generation, and returns when everything is told and the thread has ended.
//!
//! The queue holds [`MOST`] events and [`MOST_BYTES`] bytes of text. What does not fit is dropped and counted, and the
//! host is told the number in its place.

use std::collections::VecDeque;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, AtomicU8, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rt0_core::generation::page;
use rt0_core::sync::{Deadline, clock};
use rt0_core::{Library, sabotage};

use super::host::Host;
use super::spans::Spans;
use super::thread;
use crate::of_process::OfProcess;

/// How many events may wait.
const MOST: usize = 1024;

/// How many bytes their texts may have. One event alone may be longer.
const MOST_BYTES: usize = 1024 * 1024;

/// The level of a warning, for the event that tells how many were dropped.
const WARNING: u8 = 2;

/// How long a thread that has nothing left to do may take to end on a busy machine.
const THREAD_ENDS: Duration = Duration::from_millis(100);

/// One event.
pub(super) struct Event {
    /// 1, an error, to 5, a trace.
    pub level: i32,
    pub target: &'static str,
    pub text: String,
    pub spans: String,
}

/// What a process has one of, once a host has registered.
pub(crate) struct Events {
    pub library: &'static Library,
    /// What the host wants to hear of: 0, nothing, to 5. Relaxed everywhere: it only saves work; the queue decides.
    level: AtomicU8,
    /// Held by whoever registers.
    pub registering: Mutex<()>,
    told: Mutex<Told>,
    /// Something in `told` has changed that somebody sleeps for.
    changed: Condvar,
    pub spans: Mutex<Spans>,
}

#[derive(Default)]
struct Told {
    host: Option<Host>,
    /// The number of the registration in force.
    registration: u64,
    waiting: VecDeque<Waiting>,
    bytes: usize,
    /// How many were dropped behind the last that waits.
    dropped: u64,
    /// The registration of the call that is under way.
    calling: Option<u64>,
    /// Whether there is a thread.
    has_thread: bool,
    /// Whether it ends when it has nothing to do.
    thread_ends: bool,
    thread_sleeps: bool,
    /// The generation that has ended last. Until the next one begins, nobody is told anything.
    ended: u32,
}

struct Waiting {
    host: Host,
    registration: u64,
    event: Event,
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

/// An event that is taken out to be told.
pub(super) struct Taken {
    pub host: Host,
    pub event: Event,
}

impl Events {
    pub fn new(library: &'static Library) -> Events {
        Events {
            library,
            level: AtomicU8::new(0),
            registering: Mutex::new(()),
            told: Mutex::default(),
            changed: Condvar::new(),
            spans: Mutex::new(Spans::of_this_process()),
        }
    }

    /// What the host wants to hear of: 0, nothing, to 5.
    pub fn level(&self) -> u8 {
        self.level.load(Ordering::Relaxed)
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
        let Some(host) = told.host else { return };
        if told.ended != 0 && told.ended == page().number() && !sabotage::NO_END_OF_EVENTS {
            return;
        }
        told.push(host, event, self.level());
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
        if !thread::make(self) {
            // The next event tries again.
            self.thread_is_gone();
        }
    }

    /// The next event to tell, for the thread. It sleeps until there is one. `None`: the thread is to end.
    pub fn take(&self) -> Option<Taken> {
        let mut told = self.lock();
        loop {
            if let Some(taken) = told.take(self.level()) {
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
        self.lock().calling = None;
        self.changed.notify_all();
    }

    /// The thread ends. False: it must not, there is something to do.
    pub fn may_end(&self) -> bool {
        let mut told = self.lock();
        let over = told.thread_ends && told.is_empty();
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
        told.close_gap(self.level());
        told.host = host;
        told.registration += 1;
        self.level.store(level, Ordering::Relaxed);
        told.registration
    }

    /// Waits until the events of all registrations before this one are told, and no call of theirs is under way.
    pub fn finish_before(&'static self, registration: u64) {
        let mut told = self.lock();
        while told.is_anything_before(registration) && !sabotage::NO_EVENTS_BARRIER {
            if !told.has_thread {
                self.have_thread(told);
                told = self.lock();
                if !told.has_thread {
                    // There is no thread to be had.
                    told.drop_all();
                    continue;
                }
            }
            (told, _) = self.sleep(told, Deadline::Never);
        }
    }

    /// Nobody is to be told anything any more, and nothing waits: has the thread end, and gives the memory back.
    pub fn rest(&self) {
        let mut told = self.lock();
        told.waiting = VecDeque::new();
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
        told.close_gap(self.level());
        if thread::is_this_one() {
            return Ok(());
        }
        if !told.is_empty() && !told.has_thread {
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
                told.drop_all();
                return Ok(());
            }
            let in_time;
            (told, in_time) = self.sleep(told, deadline);
            if !in_time {
                told.drop_all();
                return match told.calling {
                    Some(_) => Err(BUSY.to_owned()),
                    None => Ok(()),
                };
            }
        }
    }
}

const BUSY: &str =
    "the host's callback for events has not returned, and is not waited for any longer";

impl Told {
    fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.dropped == 0
    }

    fn is_anything_before(&self, registration: u64) -> bool {
        let is_before = |number: u64| number < registration;
        let first = self.waiting.front().map(|waiting| waiting.registration);
        first.is_some_and(is_before) || self.calling.is_some_and(is_before)
    }

    fn push(&mut self, host: Host, event: Event, level: u8) {
        let len = event.len();
        let fits = self.waiting.len() < MOST
            && (self.bytes + len <= MOST_BYTES || self.waiting.is_empty());
        if !fits {
            self.dropped += 1;
            return;
        }
        self.close_gap(level);
        self.add(host, event);
    }

    /// Puts the number of those that were dropped behind those that wait.
    fn close_gap(&mut self, level: u8) {
        let dropped = std::mem::take(&mut self.dropped);
        if let Some(host) = self.host.filter(|_| dropped > 0) {
            self.add(host, Event::dropped(dropped, level));
        }
    }

    fn add(&mut self, host: Host, event: Event) {
        self.bytes += event.len();
        let registration = self.registration;
        self.waiting.push_back(Waiting {
            host,
            registration,
            event,
        });
    }

    fn take(&mut self, level: u8) -> Option<Taken> {
        if self.waiting.is_empty() {
            self.close_gap(level);
        }
        let first = self.waiting.pop_front()?;
        self.bytes -= first.event.len();
        self.calling = Some(first.registration);
        Some(Taken {
            host: first.host,
            event: first.event,
        })
    }

    fn drop_all(&mut self) {
        self.waiting = VecDeque::new();
        (self.bytes, self.dropped) = (0, 0);
    }
}

impl Event {
    fn len(&self) -> usize {
        self.text.len() + self.spans.len()
    }

    /// How many were dropped, told as a warning, or as an error to a host that hears only of errors.
    fn dropped(number: u64, level: u8) -> Event {
        let text = format!(
            "{number} event(s) were dropped here: more came than the callback for events took"
        );
        Event {
            level: level.clamp(1, WARNING).into(),
            target: "rt0",
            text,
            spans: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::{c_char, c_void};

    use super::*;

    unsafe extern "C" fn nobody(
        _: *mut c_void,
        _: i32,
        _: *const c_char,
        _: *const c_char,
        _: *const c_char,
    ) {
    }

    fn told() -> (Told, Host) {
        let host = Host {
            callback: nobody,
            user: null_mut(),
        };
        let told = Told {
            host: Some(host),
            registration: 1,
            ..Told::default()
        };
        (told, host)
    }

    fn event(text: &str) -> Event {
        Event {
            level: 3,
            target: "test",
            text: text.to_owned(),
            spans: String::new(),
        }
    }

    fn texts(told: &mut Told) -> Vec<String> {
        std::iter::from_fn(|| told.take(5))
            .map(|taken| taken.event.text)
            .collect()
    }

    #[test]
    fn what_does_not_fit_is_counted_in_its_place() {
        let (mut told, host) = told();
        for number in 0..MOST + 7 {
            told.push(host, event(&number.to_string()), 5);
        }
        assert_eq!(told.take(5).map(|taken| taken.event.text), Some("0".into()));
        told.push(host, event("later"), 5);
        let texts = texts(&mut told);
        assert_eq!(texts.len(), MOST - 1 + 2);
        assert_eq!(texts[MOST - 2], (MOST - 1).to_string());
        assert!(texts[MOST - 1].starts_with("7 event(s)"));
        assert_eq!(texts[MOST], "later");
        assert!(told.is_empty());
    }

    #[test]
    fn bytes_are_limited_but_one_event_alone_may_be_long() {
        let (mut told, host) = told();
        told.push(host, event(&"x".repeat(2 * MOST_BYTES)), 5);
        told.push(host, event("y"), 5);
        let texts = texts(&mut told);
        assert_eq!(texts[0].len(), 2 * MOST_BYTES);
        assert!(texts[1].starts_with("1 event(s)"));
        assert_eq!((texts.len(), told.bytes), (2, 0));
    }

    #[test]
    fn a_host_that_hears_only_of_errors_hears_of_drops_as_errors() {
        for (level, said) in [(1, 1), (2, 2), (5, 2)] {
            assert_eq!(Event::dropped(1, level).level, said);
        }
    }
}
