//! The end of the library ahead of the process's: the host's virtual machine ends first, and `exit` comes later.
//!
//! It is noted as the exit of the process is: nothing new begins, and the exit itself finds nothing to do.

use core::sync::atomic::Ordering;

use crate::generation::{EXITED, EXITING, page};
use crate::sabotage;

/// Begins the end, and takes back a boot that nobody has claimed. False: it has begun already.
pub fn begin() -> bool {
    if sabotage::NO_END_AHEAD {
        return true;
    }
    let first = page().begin_end(EXITING) == 0;
    if first {
        page().gate.unschedule();
    }
    first
}

/// What the end of the process would do has been done.
pub fn is_over() {
    if !sabotage::NO_END_AHEAD {
        // Release pairs with the Acquire in `unload::wait_for_exit`.
        page().ending.store(EXITED, Ordering::Release);
    }
}
