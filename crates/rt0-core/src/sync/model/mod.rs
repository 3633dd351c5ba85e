//! What stands in for the rest of `sync` when the model checker drives the crate.

pub mod fences;
mod word;

pub use self::word::Word;
pub use loom::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize};
