//! In Rust, for every processor.

use core::sync::atomic::Ordering;

use crate::generation::page;

/// What a thread holds that is prepared for the present generation; 0: there is none. Read it before
/// [`fixed`]: a call that finds this pass must not take an older answer there for its own.
#[inline(always)]
pub fn pass() -> usize {
    page().current.pass()
}

/// How far from its thread pointer every thread has what it holds; 0: the call goes another way.
#[inline(always)]
pub fn fixed() -> usize {
    // Relaxed: the Acquire of the pass orders it.
    page().current.fixed.load(Ordering::Relaxed)
}

/// Where the author's state is. Only for a call that has seen the gate open.
#[inline(always)]
pub fn state() -> *const () {
    // Acquire pairs with the Release of the boot: a call that finds this state, and then the same pass as before,
    // is inside that boot's generation.
    page().state.load(Ordering::Acquire)
}
