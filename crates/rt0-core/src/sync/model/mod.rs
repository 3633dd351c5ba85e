//! What stands in for `shipped/` when the model checker drives the crate.

pub mod fences;
mod word;

pub use self::word::Word;
pub use loom::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize};

/// Whether this is the model.
pub const IS_MODEL: bool = true;

/// A constructor of what has atomics in it: loom's have none that is `const`.
macro_rules! constructor {
    ($(#[$doc:meta])* $visibility:vis fn $name:ident() -> $type:ty $body:block) => {
        $(#[$doc])* $visibility fn $name() -> $type $body
    };
}

/// What only a test of the model needs.
macro_rules! for_the_model {
    ($($item:item)*) => { $($item)* };
}

pub(crate) use {constructor, for_the_model};
