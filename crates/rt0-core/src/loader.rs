//! What we ask of the dynamic loader, and when.
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
//! There is none in a namespace of its own ([`crate::namespace`]), where nobody would wake us.
//!
//! glibc: `dlopen(NULL)` of what is loaded anyway. On musl it takes no lock, and none is needed: its
//! constructors run without it.
//!
//! # Looking ahead
//!
//! What std will look up when it makes its first thread is looked up in the constructor, whose thread has
//! the lock. `rt0/src/interpose/dlsym.rs` has the rest of that story.

use core::ffi::{CStr, c_int, c_void};
use core::mem::MaybeUninit;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

use crate::{namespace, sys, weak};

/// Whether this very thread has the loader's lock, as far as that can be known: nowhere but on Windows. It
/// need not be, where threads begin without it.
pub fn is_locked_here() -> bool {
    false
}

/// Waits for the loader; returns at once where there is none.
pub fn barrier() {
    let (Some(dlopen), Some(dlclose)) = (weak::dlopen(), weak::dlclose()) else {
        return;
    };
    if namespace::is_other() {
        return;
    }
    // SAFETY: asks for what is loaded anyway; closing the answer only counts down.
    unsafe {
        let loaded = dlopen(sys::FOR_THE_BARRIER, sys::RTLD_LAZY | sys::RTLD_NOLOAD);
        if !loaded.is_null() {
            dlclose(loaded);
        }
    }
}

/// Has the loader keep the file that we are part of for ever. False when it refuses; where there is none, the
/// file stays.
pub(crate) fn keep_this_file() -> bool {
    let (Some(dladdr), Some(dlopen)) = (weak::dladdr(), weak::dlopen()) else {
        return true;
    };
    let mut info = MaybeUninit::<weak::DlInfo>::zeroed();
    // SAFETY: `info` has the layout that dladdr fills in; all-zero is a valid value of it. The path
    // that it gives belongs to the loader and stays while the library is loaded. RTLD_NOLOAD runs no
    // constructors.
    unsafe {
        dladdr(keep_this_file as *const c_void, info.as_mut_ptr()) != 0
            && !dlopen(
                (*info.as_ptr()).file,
                sys::RTLD_LAZY | sys::RTLD_NOLOAD | sys::RTLD_NODELETE,
            )
            .is_null()
    }
}

/// The loader's entry of the file that we are part of; null: not known.
static THIS_FILE: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// The loader has this entry for the file that we are part of.
pub(crate) fn is_known_as(entry: *mut c_void) {
    // Relaxed: the loader wrote the entry before it called the constructor, which calls this.
    THIS_FILE.store(entry, Ordering::Relaxed);
}

/// Whether the calling thread has memory for this file's thread-locals. glibc allocates it when a thread
/// first touches one of them, and ends the process when there is none. `None`: it can't be known, or they
/// are allocated with each thread, as elsewhere. Takes no lock, and allocates nothing.
pub fn has_locals_here() -> Option<bool> {
    const RTLD_DI_TLS_DATA: c_int = 10;
    let entry = THIS_FILE.load(Ordering::Relaxed);
    let dlinfo = weak::dlinfo().filter(|_| !entry.is_null())?;
    let mut data: *mut c_void = null_mut();
    // SAFETY: dlinfo(3), glibc's own, with the entry of a file that stays loaded; it writes a pointer.
    let known = unsafe { dlinfo(entry, RTLD_DI_TLS_DATA, (&raw mut data).cast()) == 0 };
    known.then_some(!data.is_null())
}

/// What std looks up before its first thread, with RTLD_DEFAULT.
const WANTED: &CStr = c"__pthread_get_minstack";

/// Its address; null: not looked up, or there is none.
static FOUND: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// Looks it up. For the constructor: anybody else might wait for the loader.
pub(crate) fn look_ahead() {
    if let Some(dlsym) = weak::real_dlsym() {
        // SAFETY: POSIX.
        let found = unsafe { dlsym(sys::RTLD_DEFAULT, WANTED.as_ptr()) };
        // Relaxed: it leads to what was there before the process had a second thread, or to what the
        // loader has made visible to all.
        FOUND.store(found, Ordering::Relaxed);
    }
}

/// The address, when this is the name and it was found.
pub fn looked_up(name: &CStr) -> Option<*mut c_void> {
    // Relaxed: see `look_ahead`.
    let found = FOUND.load(Ordering::Relaxed);
    (name == WANTED && !found.is_null()).then_some(found)
}
