//! The events that wait for the host, without their lock.
//!
//! Each event belongs to the registration that was in force when it came.
//!
//! The queue holds [`MOST`] events and [`MOST_BYTES`] bytes of text. What does not fit is dropped and counted, and the
//! host is told the number in its place.

use std::collections::VecDeque;

use super::host::{Event, Host};

/// How many events may wait.
const MOST: usize = 1024;

/// How many bytes their texts may have. One event alone may be longer.
const MOST_BYTES: usize = 1024 * 1024;

/// The level of a warning, for the event that tells how many were dropped.
const WARNING: u8 = 2;

#[derive(Default)]
pub(super) struct Queue {
    host: Option<Host>,
    /// The number of the registration in force.
    registration: u64,
    waiting: VecDeque<Waiting>,
    bytes: usize,
    /// How many were dropped behind the last that waits.
    dropped: u64,
    /// The registration of the call that is under way.
    calling: Option<u64>,
}

struct Waiting {
    host: Host,
    registration: u64,
    event: Event,
}

/// An event that is taken out to be told.
pub(super) struct Taken {
    pub host: Host,
    pub event: Event,
}

impl Queue {
    /// From now on this is whom events are told. Returns the number of the registration.
    pub fn set_host(&mut self, host: Option<Host>, level: u8) -> u64 {
        self.close_gap(level);
        self.host = host;
        self.registration += 1;
        self.registration
    }

    pub fn has_host(&self) -> bool {
        self.host.is_some()
    }

    /// Whether a call of the host's is under way.
    pub fn is_calling(&self) -> bool {
        self.calling.is_some()
    }

    /// The call that is under way has returned.
    pub fn is_told(&mut self) {
        self.calling = None;
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.dropped == 0
    }

    /// Whether an event of a registration before this one waits, or is being told.
    pub fn is_anything_before(&self, registration: u64) -> bool {
        let is_before = |number: u64| number < registration;
        let first = self.waiting.front().map(|waiting| waiting.registration);
        first.is_some_and(is_before) || self.calling.is_some_and(is_before)
    }

    /// Has this event told, if there is a host. `level` is what the host wants to hear of.
    pub fn push(&mut self, event: Event, level: u8) {
        let Some(host) = self.host else { return };
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
    pub fn close_gap(&mut self, level: u8) {
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

    /// The next event to tell.
    pub fn take(&mut self, level: u8) -> Option<Taken> {
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

    pub fn drop_all(&mut self) {
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

    fn queue() -> Queue {
        let host = Host {
            callback: nobody,
            user: std::ptr::null_mut(),
        };
        let mut queue = Queue::default();
        queue.set_host(Some(host), 5);
        queue
    }

    fn event(text: &str) -> Event {
        Event {
            level: 3,
            target: "test",
            text: text.to_owned(),
            spans: String::new(),
        }
    }

    fn texts(queue: &mut Queue) -> Vec<String> {
        std::iter::from_fn(|| queue.take(5))
            .map(|taken| taken.event.text)
            .collect()
    }

    #[test]
    fn what_does_not_fit_is_counted_in_its_place() {
        let mut queue = queue();
        for number in 0..MOST + 7 {
            queue.push(event(&number.to_string()), 5);
        }
        assert_eq!(
            queue.take(5).map(|taken| taken.event.text),
            Some("0".into())
        );
        queue.push(event("later"), 5);
        let texts = texts(&mut queue);
        assert_eq!(texts.len(), MOST - 1 + 2);
        assert_eq!(texts[MOST - 2], (MOST - 1).to_string());
        assert!(texts[MOST - 1].starts_with("7 event(s)"));
        assert_eq!(texts[MOST], "later");
        assert!(queue.is_empty());
    }

    #[test]
    fn bytes_are_limited_but_one_event_alone_may_be_long() {
        let mut queue = queue();
        queue.push(event(&"x".repeat(2 * MOST_BYTES)), 5);
        queue.push(event("y"), 5);
        let texts = texts(&mut queue);
        assert_eq!(texts[0].len(), 2 * MOST_BYTES);
        assert!(texts[1].starts_with("1 event(s)"));
        assert_eq!((texts.len(), queue.bytes), (2, 0));
    }

    #[test]
    fn a_host_that_hears_only_of_errors_hears_of_drops_as_errors() {
        for (level, said) in [(1, 1), (2, 2), (5, 2)] {
            assert_eq!(Event::dropped(1, level).level, said);
        }
    }
}
