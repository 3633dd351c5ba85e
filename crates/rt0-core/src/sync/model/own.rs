//! The same for the model checker, which takes any other load for a race.

use loom::sync::atomic::{AtomicUsize, Ordering};

/// See `shipped/own.rs`.
///
/// # Safety
/// See there.
pub unsafe fn load_own(word: &AtomicUsize) -> usize {
    word.load(Ordering::Relaxed)
}
