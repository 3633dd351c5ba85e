//! Words that one thread writes and others only read.

use core::sync::atomic::AtomicUsize;

/// Reads a word on the thread that writes it. The compiler may make it part of another instruction, which it
/// does not do with an atomic load.
///
/// # Safety
/// No other thread writes the word.
#[inline(always)]
pub unsafe fn load_own(word: &AtomicUsize) -> usize {
    // SAFETY: our caller says that there is no write to race with; other threads' atomic loads are no race.
    unsafe { word.as_ptr().read() }
}
