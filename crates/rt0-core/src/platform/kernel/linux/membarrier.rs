//! A fence on every thread of the process: membarrier(2).

use super::arch::nr;
use super::c_library;

const QUERY: usize = 0;
const PRIVATE: usize = 8;
const REGISTER_PRIVATE: usize = 16;

const NO_FLAGS: usize = 0;

pub fn can_fence_all_threads() -> bool {
    const NEEDED: isize = (PRIVATE | REGISTER_PRIVATE) as isize;
    if !c_library::may_use_membarrier() {
        return false;
    }
    // SAFETY: membarrier(2) with this command only returns what it supports.
    let commands = unsafe { syscall!(nr::MEMBARRIER, QUERY, NO_FLAGS) };
    commands > 0 && commands & NEEDED == NEEDED
}

pub fn prepare_to_fence_all_threads() {
    if c_library::may_use_membarrier() {
        command(REGISTER_PRIVATE);
    }
}

/// A process must register once; registering again does no harm.
pub fn fence_all_threads() -> bool {
    command(PRIVATE) || (command(REGISTER_PRIVATE) && command(PRIVATE))
}

fn command(command: usize) -> bool {
    // SAFETY: membarrier(2) touches no memory.
    unsafe { syscall!(nr::MEMBARRIER, command, NO_FLAGS) == 0 }
}
