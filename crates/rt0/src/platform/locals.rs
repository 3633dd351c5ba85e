//! Whether this thread may touch the library's thread-locals.
//!
//! glibc allocates a library's thread-locals when a thread first touches one of them, and ends the process if
//! there is no memory. The hot path of a call can't afford a check. The slow paths check: a call that waits
//! or fails, the lifecycle calls, the exit of the process.

use std::alloc::{GlobalAlloc, Layout, System};

use rt0_core::platform::loader;
use rt0_core::{Library, Status, fork, sabotage};

use crate::error::{self, Error};

/// More than the thread-locals take, together with the C library's table of them.
const ENOUGH: usize = 64 * 1024;

/// Whether this thread's thread-locals exist, or there is memory for them. Another thread may still take that
/// memory. Must not be called where nothing may be allocated (`rt0_core::fork`).
pub(crate) fn are_at_hand() -> bool {
    if sabotage::NO_LOCALS_CHECK || loader::has_locals_here() != Some(false) {
        return true;
    }
    let Ok(layout) = Layout::array::<u8>(ENOUGH) else {
        return true;
    };
    // SAFETY: the layout is not empty; the memory is freed at once, with the same layout.
    unsafe {
        let at = System.alloc(layout);
        if at.is_null() {
            return false;
        }
        // Otherwise the compiler would remove an allocation that nobody uses.
        System.dealloc(std::hint::black_box(at), layout);
    }
    true
}

/// Checks that this thread may touch its thread-locals. In a child in which nothing may be allocated it does
/// not check, and returns `Ok`.
///
/// # Errors
/// [`Status::NoMemory`]: they do not exist, and there is no memory for them.
pub(crate) fn check(library: &Library) -> Result<(), Error> {
    if fork::check().is_err() {
        return Ok(());
    }
    check_unforked(library)
}

/// The same where [`fork::check`] has just found nothing wrong.
///
/// # Errors
/// As [`check`].
pub(crate) fn check_unforked(library: &Library) -> Result<(), Error> {
    match are_at_hand() {
        true => Ok(()),
        false => Err(error::refusal(Some(library), Status::NoMemory)),
    }
}
