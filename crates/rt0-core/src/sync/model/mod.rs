//! What replaces `shipped/` when the model checker drives the crate.

pub mod fences;
mod own;
mod word;

pub use self::own::load_own;
pub use self::word::Word;
pub use loom::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize};

/// Whether this is the model.
pub const IS_MODEL: bool = true;

/// A constructor of a type with atomics in it. It is not `const`, because loom's atomics have no `const`
/// constructors.
macro_rules! constructor {
    ($(#[$doc:meta])* $visibility:vis fn $name:ident() -> $type:ty $body:block) => {
        $(#[$doc])* $visibility fn $name() -> $type $body
    };
}

/// Keeps what only a test of the model needs.
macro_rules! for_the_model {
    ($($item:item)*) => { $($item)* };
}

pub(crate) use {constructor, for_the_model};
