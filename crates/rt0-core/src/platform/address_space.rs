//! Whether there is room in memory for the next step.
//!
//! If a process's memory is limited (`RLIMIT_AS`), a new thread's stack can be the last thing that fits. The
//! thread's first small allocation then ends the process: std and the C library have no other answer. A stack
//! that does not fit is only an error, which can be reported. So we first check that there is room for the
//! stack *and* for what comes after it.

use crate::platform::kernel;
use crate::sabotage;

/// What the next steps may need besides: the C library's memory for a thread, a runtime's tables, the text of
/// an error.
const SPARE: usize = 2 * 1024 * 1024;

/// Whether `len` bytes can be mapped, with some to spare. Another thread may still take them first.
pub fn has_room_for(len: usize) -> bool {
    sabotage::NO_ROOM_CHECK || len.checked_add(SPARE).is_some_and(kernel::has_room)
}
