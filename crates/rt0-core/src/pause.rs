//! A millisecond's sleep that needs no C library.

use crate::sync::{Deadline, Word};
use crate::sys;

const NANOS: u64 = 1_000_000;

/// Waits for a word that nobody wakes.
pub(crate) fn pause() {
    Word::new(0).wait(0, Deadline::At(sys::monotonic() + NANOS));
}
