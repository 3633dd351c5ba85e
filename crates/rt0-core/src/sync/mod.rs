//! What the gate and the calls in flight are built on: a word that threads can wait on, atomics, and fences.
//!
//! This layer exists twice, with the same names. `shipped/` is built on the platform. `model/` replaces it
//! when the model checker drives the crate (`--cfg loom`). The choice is made here and nowhere else: the code
//! above this layer is the same in both.

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

pub(crate) use self::chosen::load_own;
pub use self::chosen::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Word, fences};
pub(crate) use self::chosen::{IS_MODEL, constructor, for_the_model};

/// A point on the monotonic clock until which to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deadline {
    /// It has passed already: look, but do not wait.
    Passed,
    /// Nanoseconds of `CLOCK_MONOTONIC`.
    At(u64),
    /// Wait for ever.
    Never,
}

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    /// The word changed, or another thread or a signal woke us: look again.
    LookAgain,
    /// The deadline passed.
    TimedOut,
}
