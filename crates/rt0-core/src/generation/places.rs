//! Places for what took time in a generation, beside the page: see [`steps`](super::steps).

use core::slice;
use core::str;
use core::sync::atomic::{AtomicPtr, AtomicU32, AtomicUsize, Ordering, fence};

use rt0_abi::line;

use super::timeline::Time;

/// What kind of step took time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A call waited at the gate.
    Wait,
    /// A span of `tracing` that init has opened.
    Span,
    /// The end waited for the calls inside.
    Calls,
    /// Main was told to stop, and its thread was joined.
    Main,
    /// The author's exit ran.
    Hook,
    /// The handles that the host still had were dropped.
    Handles,
    /// The runtime ended.
    Runtime,
    /// The state was dropped.
    State,
    /// What options of the author's have added was waited for: the last events, calls from queues.
    Parts,
    /// All that the exit of the process did.
    Exit,
}

impl Step {
    /// Every kind, in the order of its number.
    pub const ALL: [Step; 10] = [
        Step::Wait,
        Step::Span,
        Step::Calls,
        Step::Main,
        Step::Hook,
        Step::Handles,
        Step::Runtime,
        Step::State,
        Step::Parts,
        Step::Exit,
    ];

    /// The name in a report.
    pub const fn name(self) -> &'static str {
        const NAMES: &str = "wait\nspan\ncalls-leave\nmain-ends\nexit-hook\nhandles-drop\nruntime-ends\n\
            state-drops\nparts-end\nprocess-exit";
        line(NAMES, self as usize)
    }
}

/// A step as it was written down. The times are nanoseconds of the monotonic clock.
#[derive(Clone, Copy, Debug)]
pub struct Recorded {
    /// Its kind.
    pub step: Step,
    /// Its name; empty if it has none.
    pub name: &'static str,
    /// The system's number of the thread.
    pub thread: u32,
    /// When it began.
    pub begun: u64,
    /// When it was over.
    pub ended: u64,
}

/// A place for one step. All-zero bytes are a free one.
#[repr(C)]
pub struct Place {
    /// 0: free. Otherwise [`tag`] of the generation that has it, and [`BUSY`] or [`DONE`].
    word: AtomicU32,
    step: AtomicU32,
    thread: AtomicU32,
    begun: Time,
    ended: Time,
    name: AtomicPtr<u8>,
    name_len: AtomicUsize,
}

/// All places: see the drawing in `steps.rs`.
pub type Places = [Place; 64];

/// How many of them are for the steps of an end: the first ones.
pub(super) const ENDS: usize = 16;

const BUSY: u32 = 1;
const DONE: u32 = 2;

fn tag(number: u32) -> u32 {
    number << 2
}

impl Place {
    #[cfg(test)]
    const fn free() -> Place {
        Place {
            word: AtomicU32::new(0),
            step: AtomicU32::new(0),
            thread: AtomicU32::new(0),
            begun: Time::never(),
            ended: Time::never(),
            name: AtomicPtr::new(core::ptr::null_mut()),
            name_len: AtomicUsize::new(0),
        }
    }

    /// free, or DONE by an earlier generation → BUSY. If this returns true, the caller must call `write`.
    pub(super) fn take(&self, number: u32) -> bool {
        // Relaxed: the words decide nothing but who writes.
        let word = self.word.load(Ordering::Relaxed);
        let is_old = word & 3 == DONE && word & !3 != tag(number);
        let busy = tag(number) | BUSY;
        let taken = (word == 0 || is_old)
            && self
                .word
                .compare_exchange(word, busy, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        // Pairs with the fence in `read`: whoever has read one of the values below sees BUSY.
        fence(Ordering::Release);
        taken
    }

    /// BUSY → DONE.
    pub(super) fn write(
        &self,
        step: Step,
        name: &'static str,
        (begun, ended): (u64, u64),
        (thread, number): (u32, u32),
    ) {
        // Relaxed: the Release below publishes all of them.
        self.step.store(step as u32, Ordering::Relaxed);
        self.thread.store(thread, Ordering::Relaxed);
        self.name.store(name.as_ptr().cast_mut(), Ordering::Relaxed);
        self.name_len.store(name.len(), Ordering::Relaxed);
        self.begun.put(begun);
        self.ended.put(ended);
        // Release pairs with the Acquire in `read`.
        self.word.store(tag(number) | DONE, Ordering::Release);
    }

    /// What stands here, if this generation has written it.
    pub(super) fn read(&self, number: u32) -> Option<Recorded> {
        let done = tag(number) | DONE;
        // Acquire pairs with the Release in `write`: all values are those of this generation, or of a later one.
        if self.word.load(Ordering::Acquire) != done {
            return None;
        }
        let step = self.step.load(Ordering::Relaxed) as usize % Step::ALL.len();
        let thread = self.thread.load(Ordering::Relaxed);
        let (begun, ended) = (self.begun.get()?, self.ended.get()?);
        let name = (
            self.name.load(Ordering::Relaxed),
            self.name_len.load(Ordering::Relaxed),
        );
        // Pairs with the fence in `take`: if a later generation has written any of these, the word is not ours.
        fence(Ordering::Acquire);
        if self.word.load(Ordering::Relaxed) != done {
            return None;
        }
        // SAFETY: the word was DONE before and after, so both halves are of the same `&'static str` in `write`.
        let name = unsafe { str::from_utf8_unchecked(slice::from_raw_parts(name.0, name.1)) };
        Some(Recorded {
            step: Step::ALL[step],
            name,
            thread,
            begun,
            ended,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(place: &Place, number: u32) -> Option<(Step, &'static str, u64, u64)> {
        let found = place.read(number)?;
        Some((found.step, found.name, found.begun, found.ended))
    }

    #[test]
    fn a_place_belongs_to_one_generation_until_a_later_one_takes_it_over() {
        let place = Place::free();
        assert!(read(&place, 1).is_none() && place.take(1));
        assert!(!place.take(1) && !place.take(2), "somebody writes there");
        assert!(read(&place, 1).is_none());
        place.write(Step::Span, "warm up", (3, 5), (0, 1));
        assert_eq!(read(&place, 1), Some((Step::Span, "warm up", 3, 5)));
        assert!(read(&place, 2).is_none() && !place.take(1) && place.take(2));
        assert!(read(&place, 1).is_none(), "half written");
        place.write(Step::Wait, "", (7, 9), (0, 2));
        assert_eq!(read(&place, 2), Some((Step::Wait, "", 7, 9)));
        assert!(read(&place, 1).is_none());
    }

    #[test]
    fn every_kind_is_at_its_number() {
        for (number, step) in Step::ALL.into_iter().enumerate() {
            assert_eq!(step as usize, number);
        }
        assert_eq!(Step::Wait.name(), "wait");
        assert_eq!(Step::Exit.name(), "process-exit");
    }
}
