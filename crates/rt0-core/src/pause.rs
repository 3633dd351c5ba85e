//! A millisecond's sleep that needs no C library, and is no cancellation point where it uses one.

use crate::sync::{Deadline, Word};
use crate::{sys, thread};

const NANOS: u64 = 1_000_000;

/// Waits for a word that nobody wakes.
pub(crate) fn pause() {
    thread::uncancelled(|| Word::new(0).wait(0, Deadline::At(sys::monotonic() + NANOS)));
}
