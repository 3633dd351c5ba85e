//! The end of the process, and of the library's place in memory.
//!
//! | what | how we are told | what we do |
//! |---|---|---|
//! | `exit`, a return from the host's `main` | a handler, registered at load and once more at the first call; `.fini_array`, should there be no way to register one | end the generation, within a time |
//! | `dlclose` of a library that can be unmapped | `.fini_array` | end the generation, join its thread, take every handler back |
//! | `_exit`, `quick_exit`, a signal | not at all | nothing |
//!
//! Handlers run in the reverse order of their registration, together with the destructors of C++
//! statics, which are such handlers too. So one that was registered when the library was loaded ends
//! our threads before the statics that existed then are gone. A library that the host is linked with
//! is loaded before the host's own statics are made: therefore it registers again at the first call,
//! which alone can lead our threads to them. The statics that are made later are the host's duty.

use core::ffi::{c_int, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicU32, Ordering, fence};
use core::time::Duration;

use crate::generation::page;
use crate::library::{Library, this_library};
use crate::sync::Deadline;
use crate::{args, boot, generation, namespace, sabotage, settings, stop};

/// How often the handler is registered: at load, and at the first call of all.
static REGISTERED: AtomicU32 = AtomicU32::new(0);

/// The constructor's part.
pub(crate) fn prepare() {
    namespace::look();
    // Relaxed: nobody else is there yet.
    if !sabotage::NO_FIRST_HANDLER && REGISTERED.swap(1, Ordering::Relaxed) == 0 {
        register();
    }
}

/// The part of the first call.
pub(crate) fn prepare_again() {
    // Relaxed: two first calls at once may both be told to register; one is.
    if !sabotage::NO_SECOND_HANDLER && REGISTERED.swap(2, Ordering::Relaxed) < 2 {
        register();
    }
}

fn register() {
    let handlers = namespace::first().or(namespace::ours());
    if let Some(handlers) = handlers.filter(|_| !sabotage::NO_EXIT_HANDLER) {
        // SAFETY: the Itanium C++ ABI's `__cxa_atexit`; the handler lies in this file, which is never
        // unmapped or takes the handler back before (`fini`). Without memory for it, it is not called.
        unsafe { (handlers.register)(at_exit, null_mut(), generation::file()) };
    }
}

/// Takes back what this file has registered, the handlers of fork included.
fn forget() {
    for handlers in [namespace::first(), namespace::ours()]
        .into_iter()
        .flatten()
    {
        // SAFETY: the Itanium C++ ABI's `__cxa_finalize`, for this file. It calls `at_exit`, which
        // finds that the end has begun.
        unsafe { (handlers.forget)(generation::file()) };
    }
}

/// Whether the process exits, or the library is about to be unmapped: nothing is begun any more.
pub(crate) fn begun() -> bool {
    // A boot that was claimed before this look, and an end that begins at the same time: one of them
    // sees the other. Pairs with the fence in `begin`.
    fence(Ordering::SeqCst);
    page().ending.load(Ordering::Relaxed) != 0
}

/// False for all but the first. Takes a boot back that nobody has claimed.
fn begin() -> bool {
    // Relaxed: the fence orders it.
    if page().ending.swap(1, Ordering::Relaxed) != 0 {
        return false;
    }
    // Pairs with the fence in `begun`.
    fence(Ordering::SeqCst);
    page().gate.unschedule();
    true
}

extern "C" fn at_exit(_: *mut c_void) {
    if let Ok(library) = this_library() {
        end(library);
    }
}

/// The process exits.
fn end(library: &'static Library) {
    if !begin() {
        return;
    }
    let time = Duration::from_millis(settings::exit_ms(library).into());
    match library.at_exit {
        Some(at_exit) => at_exit(time),
        // Nobody is left who could be told of an error.
        None => drop(stop::shut_down(library, boot::after(time))),
    }
}

/// What stands in `.fini_array`.
///
/// # Safety
/// Called by the dynamic loader, or by the C library at the end of a program.
pub unsafe extern "C" fn fini() {
    let Ok(library) = this_library() else { return };
    if sabotage::NO_FINI {
        return;
    }
    if library.pin {
        // Never unmapped: the process exits.
        return end(library);
    }
    if begin() {
        unload(library);
    }
    forget();
}

/// Leaves no thread in the library and no memory behind. It waits for as long as the library's main
/// takes to end: there is no other way to go on safely.
fn unload(library: &'static Library) {
    if sabotage::NO_UNLOAD_JOIN {
        return;
    }
    let _ = stop::shut_down(library, Deadline::Never);
    boot::join_boot_thread(Deadline::Never);
    args::release();
}

/// `__cxa_atexit`.
pub(crate) type CxaAtexit =
    unsafe extern "C" fn(extern "C" fn(*mut c_void), *mut c_void, *const c_void) -> c_int;

/// `__cxa_finalize`.
pub(crate) type CxaFinalize = unsafe extern "C" fn(*const c_void);
