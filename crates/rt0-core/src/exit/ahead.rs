//! The end of the library ahead of the process's: the host's virtual machine ends first, and `exit` comes later.
//!
//! It is noted as the exit of the process is: nothing new begins, and the exit itself finds nothing to do.

use super::noted;
use crate::generation::EXITING;
use crate::sabotage;

/// Begins the end. False: it has begun already.
pub fn begin() -> bool {
    sabotage::NO_END_AHEAD || noted::begin(EXITING) == 0
}

/// What the end of the process would do has been done.
pub fn is_over() {
    if !sabotage::NO_END_AHEAD {
        noted::is_over();
    }
}
