//! The end of the process.
//!
//! Handlers run in the reverse order of their registration, together with the destructors of C++ statics,
//! which are such handlers too. So a handler registered when the library is loaded ends our threads before
//! the statics that existed at that time are destroyed. But a library that the host is linked with is loaded
//! before the host's own statics are constructed. Our threads can reach those statics only through a call, so
//! the library registers again at the first call. Statics that are constructed later are the host's
//! responsibility. (`rt0::ready` and similar functions on the library's own threads do not count as a first
//! call; an export that the library calls by its C name does.)

use core::ffi::c_void;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;

use super::noted;
use crate::fork::NoFork;
use crate::generation::{self, EXITING, page};
use crate::library::{Library, settings, this_library};
use crate::platform::image;
use crate::platform::loader::namespace;
use crate::platform::thread::Uncancelled;
use crate::sync::clock;
use crate::{sabotage, shutdown};

/// How often the handler has been registered: at load, and at the very first call.
static REGISTERED: AtomicU32 = AtomicU32::new(0);

/// Called by the constructor.
pub(crate) fn register_at_load() {
    // Relaxed: no other thread gets here yet.
    if !sabotage::NO_FIRST_HANDLER && REGISTERED.swap(1, Ordering::Relaxed) == 0 {
        register();
    }
}

/// Called by the first call.
pub(crate) fn register_at_first_call() {
    // Relaxed: if two first calls come at once, the swap lets one of them register.
    if !sabotage::NO_SECOND_HANDLER && REGISTERED.swap(2, Ordering::Relaxed) < 2 {
        register();
    }
}

fn register() {
    let handlers = namespace::hosts_handlers().or(namespace::our_handlers());
    if let Some(handlers) = handlers.filter(|_| !sabotage::NO_EXIT_HANDLER) {
        let file = generation::dso_handle();
        // glibc does not release its lock around the handlers in a child when another thread of the parent
        // holds it. A child forked now could never exit.
        let no_fork = NoFork::begin();
        // SAFETY: the Itanium C++ ABI's `__cxa_atexit`. The handler lies in this file, which is never
        // unmapped or takes the handler back before that (`unload`). If there is no memory to register the
        // handler, it is not called.
        unsafe { (handlers.register)(at_exit, null_mut(), file) };
        drop(no_fork);
    }
}

extern "C" fn at_exit(_: *mut c_void) {
    if let Ok(library) = this_library() {
        let _uncancelled = Uncancelled::for_rt0();
        end(library);
    }
}

/// Ends the generation because the process exits.
pub(super) fn end(library: &'static Library) {
    if noted::begin(EXITING) != 0 {
        return;
    }
    let time = Duration::from_millis(settings::of(library).exit_ms.into());
    (library.at_exit)(library, time);
    noted::is_over();
}

/// What the end of the process does with a library that is built on the core alone.
pub(crate) fn by_itself(library: &'static Library, time: Duration) {
    let ended = shutdown::shut_down(library, clock::after(time)).is_ok();
    let unloading = page().ending.load(Ordering::Relaxed) != EXITING;
    if !ended && !unloading && !sabotage::NO_EXIT_PIN {
        // The library's thread runs on, and one of the host's handlers may still close the library.
        image::pin();
    }
}
