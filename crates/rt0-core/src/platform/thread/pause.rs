//! Sleeps for a millisecond. Needs no C library, and is not a cancellation point where it uses one.

use core::sync::atomic::AtomicU32;

use super::Uncancelled;
use crate::platform::kernel;

const NANOS: u64 = 1_000_000;

/// Waits on a word that nobody wakes.
pub fn pause() {
    let _uncancelled = Uncancelled::for_rt0();
    kernel::futex_wait(&AtomicU32::new(0), 0, Some(kernel::monotonic() + NANOS));
}
