//! The unmapping of the library: a `dlclose` of a library that can be unmapped.

use core::sync::atomic::Ordering;

use rt0_abi::Status;

use super::noted::begin;
use super::process::end;
use crate::generation::{self, EXITED, EXITING, UNLOADING, page};
use crate::library::{Library, arguments, this_library};
use crate::platform::loader::namespace::{self, Handlers};
use crate::platform::thread::{Uncancelled, pause};
use crate::sync::Deadline;
use crate::{boot, sabotage, shutdown};

/// The entry in `.fini_array`.
///
/// # Safety
/// Called by the dynamic loader, or by the C library at the end of a program.
pub unsafe extern "C" fn fini() {
    let Ok(library) = this_library() else { return };
    if sabotage::NO_FINI {
        return;
    }
    let _uncancelled = Uncancelled::for_rt0();
    fini_of(library);
}

fn fini_of(library: &'static Library) {
    match library.unload {
        Some(unload) if !library.is_never_unloaded() => unload(library),
        // The library is never unmapped, so the process is exiting.
        _ => end(library),
    }
}

/// What a library that is built on the core alone does when it is unmapped.
pub(crate) fn unload(library: &'static Library) {
    match begin(UNLOADING) {
        0 => leave_nothing(library),
        EXITING => {
            wait_for_exit();
            leave_nothing(library);
        }
        _ => {}
    }
    take_back_handlers();
}

/// Another thread is in [`end`]. The library must not be unmapped before that thread has left.
fn wait_for_exit() {
    let ending = &page().ending;
    // Relaxed: this only tells that thread not to ask the loader for anything, because we hold the loader's
    // lock.
    let _ = ending.compare_exchange(EXITING, UNLOADING, Ordering::Relaxed, Ordering::Relaxed);
    // Acquire pairs with the Release in `end`.
    while ending.load(Ordering::Acquire) != EXITED {
        pause();
    }
    // That thread still has to return out of this file.
    for _ in 0..10 {
        pause();
    }
}

/// Leaves no thread in the library and no memory behind. It waits as long as the library's main takes to end:
/// there is no other safe way to go on.
fn leave_nothing(library: &'static Library) {
    if sabotage::NO_UNLOAD_JOIN {
        return;
    }
    if shutdown::shut_down(library, Deadline::Never) != Err(Status::Forked) {
        boot::join_boot_thread(Deadline::Never);
    }
    arguments::release();
}

/// Takes back every handler that this file has registered, those of `fork` included.
fn take_back_handlers() {
    let take_back = |handlers: Handlers| {
        // SAFETY: the Itanium C++ ABI's `__cxa_finalize`, for this file. It calls `at_exit`, which finds that
        // the end has begun.
        unsafe { (handlers.forget)(generation::dso_handle()) };
    };
    namespace::hosts_handlers().map(take_back);
    namespace::our_handlers().map(take_back);
}
