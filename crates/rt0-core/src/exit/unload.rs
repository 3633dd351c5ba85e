//! The end of the library's place in memory: a `dlclose`, where the library can be unmapped.

use core::sync::atomic::Ordering;

use rt0_abi::Status;

use super::process::{begin, end};
use crate::generation::{self, CLOSES, EXITED, EXITS, page};
use crate::library::{Library, arguments, this_library};
use crate::platform::loader::namespace;
use crate::platform::thread::{Uncancelled, pause};
use crate::sync::Deadline;
use crate::{boot, sabotage, shutdown};

/// What stands in `.fini_array`.
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
    if library.is_never_unloaded() {
        // Never unmapped: the process exits.
        return end(library);
    }
    match begin(CLOSES) {
        0 => unload(library),
        EXITS => {
            wait_for_exit();
            unload(library);
        }
        _ => {}
    }
    forget();
}

/// Another thread is in [`end`], and the library must not go before it has left.
fn wait_for_exit() {
    let ending = &page().ending;
    // Relaxed: it tells that thread not to ask the loader for anything, whose lock is ours.
    let _ = ending.compare_exchange(EXITS, CLOSES, Ordering::Relaxed, Ordering::Relaxed);
    // Acquire pairs with the Release in `end`.
    while ending.load(Ordering::Acquire) != EXITED {
        pause();
    }
    // It still has to return out of this file.
    for _ in 0..10 {
        pause();
    }
}

/// Leaves no thread in the library and no memory behind. It waits for as long as the library's main
/// takes to end: there is no other way to go on safely.
fn unload(library: &'static Library) {
    if sabotage::NO_UNLOAD_JOIN {
        return;
    }
    if shutdown::shut_down(library, Deadline::Never) != Err(Status::Forked) {
        boot::join_boot_thread(Deadline::Never);
    }
    arguments::release();
}

/// Takes back what this file has registered, the handlers of fork included.
fn forget() {
    for handlers in [namespace::hosts_handlers(), namespace::our_handlers()]
        .into_iter()
        .flatten()
    {
        // SAFETY: the Itanium C++ ABI's `__cxa_finalize`, for this file. It calls `at_exit`, which
        // finds that the end has begun.
        unsafe { (handlers.forget)(generation::file()) };
    }
}
