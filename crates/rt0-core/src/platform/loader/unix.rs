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
//! On Linux the barrier is to look up a symbol. (glibc's and bionic's `dlsym` take the same lock as `dlopen`. musl runs
//! constructors without its lock, and needs no barrier.) Elsewhere it is `dlopen` of what is loaded anyway.
//!
//! # Symbols looked up beforehand
//!
//! The constructor, whose thread holds the lock, looks up what std will look up when it makes its first
//! thread. What the crate `getrandom` will look up for the first random number, the loader finds by a symbol of ours: an
//! `init` that uses `uuid` or `rand` on a thread of its own would otherwise wait for the lock.
//! `rt0/src/interpose/dlsym.rs` has the rest.

use core::ffi::{CStr, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

pub use super::this_file::has_locals_here;
use super::{look_up, namespace};
use crate::platform::{kernel, weak_symbols};
use crate::sabotage;

/// Here threads begin without the lock, so the answer is not needed.
pub fn is_locked_here() -> bool {
    false
}

pub fn barrier() -> bool {
    if namespace::is_other() {
        return true;
    }
    let Some(what) = kernel::BARRIER_OPENS else {
        // Any symbol will do. Every C library has this one, and the loader finds it soon.
        return look_up::symbol(c"exit").is_some();
    };
    let (Some(dlopen), Some(dlclose)) = (look_up::open(), look_up::close()) else {
        return false;
    };
    // SAFETY: opens what is loaded anyway; closing the handle only counts down.
    unsafe {
        let loaded = dlopen(what, kernel::RTLD_LAZY | kernel::RTLD_NOLOAD);
        if !loaded.is_null() {
            dlclose(loaded);
        }
    }
    true
}

/// Before glibc 2.34 `dlsym` is in a library of its own, which some processes lack: a linker does not ask for it on
/// behalf of a weak symbol such as ours. But glibc takes the loader's lock also to note what a thread destroys at its
/// end.
pub(crate) fn barrier_without_dlsym() {
    unsafe extern "C" fn nothing(_: *mut c_void) {}
    let note = weak_symbols::real_thread_atexit().or_else(weak_symbols::thread_atexit);
    if let Some(note) = note.filter(|_| !sabotage::NO_SECOND_BARRIER) {
        // SAFETY: glibc's function, or what the linker has put in its place. The address is in this file, which therefore
        // stays as long as the thread does.
        unsafe { note(nothing, null_mut(), nothing as *mut c_void) };
    }
}

/// What std looks up with RTLD_DEFAULT before its first thread. (It is private to glibc, so a file must not ask for it
/// by a symbol.)
const MIN_STACK: &CStr = c"__pthread_get_minstack";

/// Its address; null if it was not looked up, or does not exist.
static FOUND: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// What `getrandom` looks up before its first number. std asks for it by a symbol, and so do we: the loader finds it for
/// both at once.
const RANDOM: &CStr = c"getrandom";

pub(crate) fn prefetch_symbols() {
    if let Some(dlsym) = weak_symbols::real_dlsym() {
        // SAFETY: POSIX.
        let found = unsafe { dlsym(kernel::RTLD_DEFAULT, MIN_STACK.as_ptr()) };
        // Relaxed: it points to code that was there before the process had a second thread, or that the
        // loader has made visible to all threads.
        FOUND.store(found, Ordering::Relaxed);
    }
}

pub fn prefetched(name: &CStr) -> Option<*mut c_void> {
    if name == RANDOM {
        return weak_symbols::getrandom().map(|function| function as *mut c_void);
    }
    // Relaxed: see `prefetch_symbols`.
    let found = FOUND.load(Ordering::Relaxed);
    (name == MIN_STACK && !found.is_null()).then_some(found)
}
