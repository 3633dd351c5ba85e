//! What the gate and the calls in flight are built on: a word that threads can wait on, atomics, and
//! fences.
//!
//! [`word`](Word) and [`fences`] are what ships; `model/` stands in for both when the model checker drives the
//! crate (`--cfg loom`). Nothing else in the crate knows which of the two it has.

#[cfg(not(loom))]
pub mod clock;
#[cfg(not(loom))]
pub mod fences;
#[cfg(loom)]
mod model;
#[cfg(not(loom))]
mod word;

#[cfg(loom)]
pub use self::model::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Word, fences};
#[cfg(not(loom))]
pub use self::word::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Word};

/// A point on the monotonic clock until which to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deadline {
    /// It has passed already: ask, do not wait.
    Passed,
    /// Nanoseconds of `CLOCK_MONOTONIC`.
    At(u64),
    /// Wait for ever.
    Never,
}

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    /// The word changed, or somebody woke us, or a signal did: look again.
    LookAgain,
    /// The deadline passed.
    TimedOut,
}
