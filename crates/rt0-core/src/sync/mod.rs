//! What the gate and the calls in flight are built on: a word that threads can wait on, atomics, and
//! fences.
//!
//! There are two of this layer, with the same names: `shipped/`, which stands on the platform, and `model/`, which
//! takes its place when the model checker drives the crate (`--cfg loom`). Which of the two it is, is decided here and
//! nowhere else: what stands on this layer is the same in both.

#[cfg(loom)]
mod model;
#[cfg(not(loom))]
mod shipped;

cfg_select! {
    loom => { use self::model as chosen; }
    _ => {
        use self::shipped as chosen;
        pub use self::shipped::clock;
    }
}

pub use self::chosen::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Word, fences};
pub(crate) use self::chosen::{IS_MODEL, constructor, for_the_model};

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
