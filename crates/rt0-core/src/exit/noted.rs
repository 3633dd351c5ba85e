//! What the page says of the end: that it has begun, and that it is over.

use core::sync::atomic::Ordering;

use crate::generation::{EXITED, page};

/// Begins the end, and takes back a boot that nobody has claimed. Returns what stood on the page before.
pub(super) fn begin(how: u32) -> u32 {
    let former = page().begin_end(how);
    if former == 0 {
        page().gate.unschedule();
    }
    former
}

/// What the end of the process does has been done.
pub(super) fn is_over() {
    // Release pairs with the Acquire in `unload::wait_for_exit`.
    page().ending.store(EXITED, Ordering::Release);
}
