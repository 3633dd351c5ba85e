//! Whether there is room in memory for what comes next.
//!
//! Where a process may have only so much memory (`RLIMIT_AS`), a new thread's stack can be the last thing
//! that fits. Its first small allocation then ends the process: std and the C library know no other answer.
//! A stack that does not fit is an error that can be told. So room for the stack *and* for what comes
//! after it is looked for first.

use crate::platform::kernel;
use crate::sabotage;

/// What the steps that follow may need for themselves: the C library's memory for a thread, a runtime's
/// tables, the text of an error.
const SPARE: usize = 2 * 1024 * 1024;

/// Whether `len` bytes can be mapped, with some to spare. Another thread can take them away.
pub fn has_room_for(len: usize) -> bool {
    sabotage::NO_ROOM_CHECK || len.checked_add(SPARE).is_some_and(kernel::has_room)
}
