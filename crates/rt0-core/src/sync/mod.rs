//! What the gate and the calls in flight are built on: a word that threads can wait on, atomics, and
//! fences.
//!
//! Two files behind each name. `futex.rs` and `fences.rs` are what ships; `model.rs` and
//! `model_fences.rs` stand in for them when the model checker drives the crate (`--cfg loom`). Nothing
//! else in the crate knows which of the two it has.

#[cfg(not(loom))]
pub mod fences;
#[cfg(loom)]
#[path = "model_fences.rs"]
pub mod fences;
#[cfg(not(loom))]
mod futex;
#[cfg(loom)]
mod model;

#[cfg(not(loom))]
pub use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize};
#[cfg(not(loom))]
pub use futex::Word;
#[cfg(loom)]
pub use loom::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize};
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
