//! What we ask of a Unix's dynamic loader, and when.
//!
//! # The barrier
//!
//! It waits until the `dlopen` that runs our constructor has returned.
//!
//! std's threads, and much of a C library, take the loader lock sooner or later. While another thread
//! is inside a `dlopen`, running our constructor, it holds that lock. A boot that began now would get
//! stuck half-way, claimed, where nobody could help. So the boot thread first asks the loader for
//! something small that takes the same lock, and claims the boot only then. Until then the thread
//! inside that `dlopen` can still claim the boot itself.
//!
//! There is none in a namespace of its own ([`crate::platform::loader::namespace`]), where nobody would wake us.
//!
//! glibc: `dlopen(NULL)` of what is loaded anyway. On musl it takes no lock, and none is needed: its
//! constructors run without it.
//!
//! # Symbols looked up beforehand
//!
//! What std will look up when it makes its first thread is looked up in the constructor, whose thread has
//! the lock. `rt0/src/interpose/dlsym.rs` has the rest of that story.

use core::ffi::{CStr, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

use super::namespace;
pub use super::this_file::has_locals_here;
use crate::platform::{kernel, weak_symbols};

/// It need not be known where threads begin without the lock.
pub fn is_locked_here() -> bool {
    false
}

pub fn barrier() {
    let (Some(dlopen), Some(dlclose)) = (weak_symbols::dlopen(), weak_symbols::dlclose()) else {
        return;
    };
    if namespace::is_other() {
        return;
    }
    // SAFETY: asks for what is loaded anyway; closing the answer only counts down.
    unsafe {
        let loaded = dlopen(
            kernel::BARRIER_OPENS,
            kernel::RTLD_LAZY | kernel::RTLD_NOLOAD,
        );
        if !loaded.is_null() {
            dlclose(loaded);
        }
    }
}

/// What std looks up before its first thread, with RTLD_DEFAULT.
const NAME: &CStr = c"__pthread_get_minstack";

/// Its address; null: not looked up, or there is none.
static FOUND: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

pub(crate) fn prefetch_symbols() {
    if let Some(dlsym) = weak_symbols::real_dlsym() {
        // SAFETY: POSIX.
        let found = unsafe { dlsym(kernel::RTLD_DEFAULT, NAME.as_ptr()) };
        // Relaxed: it leads to what was there before the process had a second thread, or to what the
        // loader has made visible to all.
        FOUND.store(found, Ordering::Relaxed);
    }
}

pub fn prefetched(name: &CStr) -> Option<*mut c_void> {
    // Relaxed: see `prefetch_symbols`.
    let found = FOUND.load(Ordering::Relaxed);
    (name == NAME && !found.is_null()).then_some(found)
}
