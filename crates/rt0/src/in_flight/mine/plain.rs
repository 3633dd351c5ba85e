//! A thread-local of std's. Some processors have descriptors for those (aarch64, riscv64), others call a function
//! of the loader's.

use rt0_core::generation::{hot, page};
use rt0_core::protocol::in_flight::{Announced, Mine};
use rt0_core::sabotage;

thread_local! {
    /// It has no destructor, so access needs no destructor check.
    static MINE: Mine = const { Mine::new() };
}

#[inline(always)]
pub fn with<R>(run: impl FnOnce(&Mine) -> R) -> R {
    MINE.with(run)
}

#[inline(always)]
pub fn enter(usable: impl Fn() -> bool) -> Option<(Announced, *const ())> {
    // The loader may allocate a thread-local when it is first touched, and in a fork's child the allocator's
    // lock may be held forever.
    if !sabotage::NO_LOOK_FIRST && !usable() {
        return None;
    }
    with(|mine| mine.enter(&page().current, usable, hot::state))
}

pub fn fixed() -> usize {
    0
}
