//! The fences as they ship.

use core::sync::atomic::{Ordering, compiler_fence, fence};

use crate::platform::kernel;

/// A call's side of [`everywhere`]: the compiler keeps the order of what stands around it, and the
/// processor is made to when it matters.
#[inline(always)]
pub fn light() {
    compiler_fence(Ordering::SeqCst);
}

/// A full fence on this thread.
#[inline(always)]
pub fn full() {
    fence(Ordering::SeqCst);
}

/// A full fence on every thread, at some point during this call. False when the kernel refuses.
pub fn everywhere() -> bool {
    kernel::fence_all_threads()
}
