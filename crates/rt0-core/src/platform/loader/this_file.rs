//! What the loader knows about the file that we are part of.

use core::ffi::{c_int, c_void};
use core::mem::MaybeUninit;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

use super::look_up;
use crate::platform::{kernel, weak_symbols};

/// Has the loader keep the file that we are part of for ever. False if it refuses. Without a loader the file
/// stays anyway.
pub(crate) fn keep_this_file() -> bool {
    let (Some(dladdr), Some(dlopen)) = (look_up::file_of(), look_up::open()) else {
        return true;
    };
    let mut info = MaybeUninit::<weak_symbols::DlInfo>::zeroed();
    // SAFETY: `info` has the layout that dladdr fills in; all-zero is a valid value of it. The path in it
    // belongs to the loader and stays while the library is loaded. RTLD_NOLOAD runs no constructors.
    unsafe {
        dladdr(keep_this_file as *const c_void, info.as_mut_ptr()) != 0
            && !dlopen(
                (*info.as_ptr()).file,
                kernel::RTLD_LAZY | kernel::RTLD_NOLOAD | kernel::RTLD_NODELETE,
            )
            .is_null()
    }
}

/// The loader's entry for the file that we are part of; null if not known.
static THIS_FILE: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// Keeps the loader's entry for the file that we are part of.
pub(crate) fn is_known_as(entry: *mut c_void) {
    // Relaxed: the loader wrote the entry before it called the constructor, which calls this.
    THIS_FILE.store(entry, Ordering::Relaxed);
}

/// glibc allocates this memory when a thread first uses one of the thread-locals, and ends the process when
/// there is no memory left.
pub fn has_locals_here() -> Option<bool> {
    const RTLD_DI_TLS_DATA: c_int = 10;
    let entry = THIS_FILE.load(Ordering::Relaxed);
    let dlinfo = weak_symbols::dlinfo().filter(|_| !entry.is_null())?;
    let mut data: *mut c_void = null_mut();
    // SAFETY: glibc's dlinfo(3), with the entry of a file that stays loaded; it writes a pointer.
    let known = unsafe { dlinfo(entry, RTLD_DI_TLS_DATA, (&raw mut data).cast()) == 0 };
    known.then_some(!data.is_null())
}
