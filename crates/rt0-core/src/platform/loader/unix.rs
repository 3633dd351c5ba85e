//! What we ask of a Unix's dynamic loader, and when.
//!
//! # The barrier
//!
//! It waits until the `dlopen` that runs our constructor has returned.
//!
//! std's threads, and much of a C library, take the loader lock sooner or later. A thread inside a `dlopen`
//! that runs our constructor holds that lock. A boot that began now would get stuck half-way, and since it is
//! claimed, nobody else could finish it. So the boot thread first asks the loader for something small that
//! takes the same lock, and claims the boot only after that. Until then the thread inside that `dlopen` can
//! still claim the boot itself.
//!
//! There is no barrier in a namespace of its own ([`crate::platform::loader::namespace`]), where nobody would
//! wake us.
//!
//! On glibc the barrier is `dlopen(NULL)`, of the program, which is loaded anyway. On musl that takes no
//! lock, and needs none: musl runs constructors without the lock.
//!
//! # Symbols looked up beforehand
//!
//! The constructor, whose thread holds the lock, looks up what std will look up when it makes its first
//! thread, and what the crate `getrandom` will look up for the first random number: an `init` that uses `uuid` or
//! `rand` on a thread of its own would otherwise wait for the lock. `rt0/src/interpose/dlsym.rs` has the rest.

use core::ffi::{CStr, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

use super::namespace;
pub use super::this_file::has_locals_here;
use crate::platform::{kernel, weak_symbols};

/// Here threads begin without the lock, so the answer is not needed.
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
    // SAFETY: opens what is loaded anyway; closing the handle only counts down.
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

/// What is looked up with RTLD_DEFAULT: by std before its first thread, by `getrandom` before its first number.
const NAMES: [&CStr; 2] = [c"__pthread_get_minstack", c"getrandom"];

/// Their addresses; null if one was not looked up, or does not exist.
static FOUND: [AtomicPtr<c_void>; NAMES.len()] =
    [const { AtomicPtr::new(null_mut()) }; NAMES.len()];

pub(crate) fn prefetch_symbols() {
    if let Some(dlsym) = weak_symbols::real_dlsym() {
        for (name, place) in NAMES.iter().zip(&FOUND) {
            // SAFETY: POSIX.
            let found = unsafe { dlsym(kernel::RTLD_DEFAULT, name.as_ptr()) };
            // Relaxed: it points to code that was there before the process had a second thread, or that the
            // loader has made visible to all threads.
            place.store(found, Ordering::Relaxed);
        }
    }
}

pub fn prefetched(name: &CStr) -> Option<*mut c_void> {
    let (_, place) = NAMES
        .iter()
        .zip(&FOUND)
        .find(|(known, _)| **known == name)?;
    // Relaxed: see `prefetch_symbols`.
    let found = place.load(Ordering::Relaxed);
    (!found.is_null()).then_some(found)
}
