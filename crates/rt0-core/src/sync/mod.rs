//! The one primitive that the gate is built on: a word that threads can wait on.
//!
//! Two files behind one name. `futex.rs` is what ships; `model.rs` stands in for it when the model
//! checker drives the gate (`--cfg loom`). Nothing else in the crate knows which of the two it has.

#[cfg(not(loom))]
mod futex;
#[cfg(loom)]
mod model;

#[cfg(not(loom))]
pub use futex::Word;
#[cfg(loom)]
pub use model::Word;

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
