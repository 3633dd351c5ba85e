//! The fences that ship.

use core::sync::atomic::{Ordering, compiler_fence, fence};

use crate::platform::kernel;

/// A call's side of [`everywhere`]. It keeps the compiler from reordering the accesses around it.
/// [`everywhere`] keeps the processor from reordering them, when that matters.
#[inline(always)]
pub fn light() {
    compiler_fence(Ordering::SeqCst);
}

/// A full fence on this thread.
#[inline(always)]
pub fn full() {
    fence(Ordering::SeqCst);
}

/// A full fence on every thread, at some point during this call. False if the kernel refuses.
pub fn everywhere() -> bool {
    kernel::fence_all_threads()
}
