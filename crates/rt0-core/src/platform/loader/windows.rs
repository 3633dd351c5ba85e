//! What the loader of Windows does to us, and what can be known of it. It has one namespace for all of a process's
//! libraries.
//!
//! A thread begins and ends under the loader's lock, for each library is told of it then. Whoever runs in
//! a `DllMain`, or in a constructor of a C++ static in a library, has that lock. So
//!
//! - the boot thread gets going when the `LoadLibrary` that loads us is over: there is no barrier to pass,
//!   and nothing to be looked up ahead;
//! - a call that is made in such a place must wait for nothing, for what it waits for may need a thread, or
//!   the loader. It goes through when the library is ready, and else gets an error at once; see
//!   [`is_locked_here`].
//!
//! # How the lock is recognised
//!
//! The process's block has its address, and a critical section says which thread is in it: that is how
//! Microsoft's own `AuxUlibIsDLLSynchronizationHeld`, which is a library to be linked statically, and the
//! crash reporter of Chromium look. Neither the block's field nor the lock's place in it has changed since
//! Windows XP, and wine has the same. It needs no lock itself, nor the loader.

use crate::platform::kernel;
use crate::sabotage;

/// `RTL_CRITICAL_SECTION`, as far as it is needed.
#[repr(C)]
struct CriticalSection {
    debug: *const u8,
    lock_count: i32,
    recursion_count: i32,
    owner: usize,
}

pub fn is_locked_here() -> bool {
    if sabotage::NO_LOADER_LOCK_CHECK {
        return false;
    }
    // SAFETY: every process has its block, and from before the first library's entry on the lock, for as
    // long as it lives. Another thread may change the owner meanwhile, from one that is not this thread to
    // another: a word is read as a whole.
    unsafe {
        let lock = kernel::process_block()
            .add(kernel::LOADER_LOCK)
            .cast::<*const CriticalSection>()
            .read();
        !lock.is_null()
            && (&raw const (*lock).owner).read_volatile() == kernel::thread_id() as usize
    }
}

/// A thread that runs has passed it.
pub fn barrier() {}

/// There is nothing to be looked up.
pub(crate) fn prefetch_symbols() {}

/// Thread-locals are allocated with each thread.
pub fn has_locals_here() -> Option<bool> {
    None
}

pub mod namespace {
    /// There is nothing to be found out.
    pub(crate) fn detect() {}

    pub fn is_other() -> bool {
        false
    }
}
