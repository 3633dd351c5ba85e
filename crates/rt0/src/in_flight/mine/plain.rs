//! A thread-local of std's. Some processors have descriptors for those (aarch64, riscv64), others call a function
//! of the loader's.

use rt0_core::protocol::hints::Hints;
use rt0_core::protocol::in_flight::{Announced, Mine, Slot};

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
    super::enter_with_local(usable)
}

pub fn fixed() -> usize {
    0
}

pub fn hints() -> Option<(&'static Hints<Slot>, usize)> {
    None
}
