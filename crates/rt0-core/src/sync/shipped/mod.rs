//! The layer that ships.

pub mod clock;
pub mod fences;
mod own;
mod word;

pub use self::own::load_own;
pub use self::word::Word;
pub use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize};

/// Whether this is the model.
pub const IS_MODEL: bool = false;

/// A constructor of a type with atomics in it. It is `const`, for statics.
macro_rules! constructor {
    ($(#[$doc:meta])* $visibility:vis fn $name:ident() -> $type:ty $body:block) => {
        $(#[$doc])* $visibility const fn $name() -> $type $body
    };
}

/// Drops what only a test of the model needs.
macro_rules! for_the_model {
    ($($item:item)*) => {};
}

pub(crate) use {constructor, for_the_model};
