//! A fence on every thread of the process: membarrier(2).

use super::arch::nr;
use super::c_library;

const QUERY: usize = 0;
const PRIVATE: usize = 8;
const REGISTER_PRIVATE: usize = 16;

pub fn can_fence_all_threads() -> bool {
    const NEEDED: isize = (PRIVATE | REGISTER_PRIVATE) as isize;
    if !c_library::may_use_membarrier() {
        return false;
    }
    // SAFETY: membarrier(2) with this command only returns what it supports.
    let commands = unsafe { syscall!(nr::MEMBARRIER, QUERY) };
    commands > 0 && commands & NEEDED == NEEDED
}

pub fn fence_all_threads() -> bool {
    // SAFETY: membarrier(2) touches no memory. A process must register once; registering again does no harm.
    unsafe {
        syscall!(nr::MEMBARRIER, REGISTER_PRIVATE) == 0 && syscall!(nr::MEMBARRIER, PRIVATE) == 0
    }
}
