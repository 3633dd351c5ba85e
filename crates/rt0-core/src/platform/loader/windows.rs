//! What the loader of Windows does to us, and what we can learn from it. It has one namespace for all of a
//! process's libraries.
//!
//! A thread begins and ends under the loader's lock, because each library is then told of it. Code that runs
//! in a `DllMain`, or in a constructor of a C++ static in a library, runs under that lock. So
//!
//! - the boot thread begins to run once the `LoadLibrary` that loads us is over: there is no barrier to pass,
//!   and nothing to look up beforehand;
//! - a call from such code must not wait, because what it waits for may need a thread, or the loader. If the
//!   library is ready, the call goes through; if not, it gets an error at once. See [`is_locked_here`].
//!
//! # How we see who holds the lock
//!
//! The process's block has the address of the lock, which is a critical section, and that says which thread
//! is in it. Microsoft's own `AuxUlibIsDLLSynchronizationHeld`, in a library for static linking, and
//! Chromium's crash reporter look there, too. Neither the block's field nor its place has changed since
//! Windows XP, and wine has the same. Looking takes no lock and does not call the loader.

use crate::platform::kernel;
use crate::sabotage;

/// `RTL_CRITICAL_SECTION`, up to the last field that we need.
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
    // SAFETY: every process has its block, and has the lock from before the first library's entry point runs
    // until it ends. Another thread may change the owner meanwhile, but neither from nor to this thread, and
    // a word is read as a whole.
    unsafe {
        let lock = kernel::process_block()
            .add(kernel::LOADER_LOCK)
            .cast::<*const CriticalSection>()
            .read();
        !lock.is_null()
            && (&raw const (*lock).owner).read_volatile() == kernel::thread_id() as usize
    }
}

/// Nothing to wait for: a thread begins under the loader's lock, so one that runs has had it.
pub fn barrier() -> bool {
    true
}

pub(crate) fn barrier_without_dlsym() {}

/// There is nothing to look up.
pub(crate) fn prefetch_symbols() {}

/// Every new thread gets memory for its thread-locals.
pub fn has_locals_here() -> Option<bool> {
    None
}

pub mod namespace {
    /// There is only one namespace.
    pub(crate) fn detect() {}

    pub fn is_other() -> bool {
        false
    }
}
