//! The end of the process.
//!
//! Handlers run in the reverse order of their registration, together with the destructors of C++
//! statics, which are such handlers too. So one that was registered when the library was loaded ends
//! our threads before the statics that existed then are gone. A library that the host is linked with
//! is loaded before the host's own statics are made: therefore it registers again at the first call,
//! which alone can lead our threads to them. The statics that are made later are the host's duty.
//! (`rt0::ready` and the like on the library's own threads do not count as a first call; an export that the
//! library calls by its C name does.)

use core::ffi::c_void;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;

use crate::fork::NoFork;
use crate::generation::{self, EXITED, EXITS, page};
use crate::library::{Library, settings, this_library};
use crate::platform::image;
use crate::platform::loader::namespace;
use crate::platform::thread::Uncancelled;
use crate::sync::clock;
use crate::{sabotage, shutdown};

/// How often the handler is registered: at load, and at the first call of all.
static REGISTERED: AtomicU32 = AtomicU32::new(0);

/// The constructor's part.
pub(crate) fn register_at_load() {
    // Relaxed: nobody else is there yet.
    if !sabotage::NO_FIRST_HANDLER && REGISTERED.swap(1, Ordering::Relaxed) == 0 {
        register();
    }
}

/// The part of the first call.
pub(crate) fn register_at_first_call() {
    // Relaxed: two first calls at once may both be told to register; one is.
    if !sabotage::NO_SECOND_HANDLER && REGISTERED.swap(2, Ordering::Relaxed) < 2 {
        register();
    }
}

fn register() {
    let handlers = namespace::hosts_handlers().or(namespace::our_handlers());
    if let Some(handlers) = handlers.filter(|_| !sabotage::NO_EXIT_HANDLER) {
        let file = generation::file();
        // glibc leaves its lock around handlers as another thread of the parent has it: a child that is
        // forked now could never exit.
        let no_fork = NoFork::begin();
        // SAFETY: the Itanium C++ ABI's `__cxa_atexit`; the handler lies in this file, which is never
        // unmapped or takes the handler back before (`unload`). Without memory for it, it is not called.
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

/// The end begins: takes a boot back that nobody has claimed. What stood on the page before.
pub(super) fn begin(how: u32) -> u32 {
    let former = page().begin_end(how);
    if former == 0 {
        page().gate.unschedule();
    }
    former
}

/// The process exits.
pub(super) fn end(library: &'static Library) {
    if begin(EXITS) != 0 {
        return;
    }
    let time = Duration::from_millis(settings::of(library).exit_ms.into());
    match library.at_exit {
        Some(at_exit) => at_exit(time),
        None => {
            let ended = shutdown::shut_down(library, clock::after(time)).is_ok();
            let closes = page().ending.load(Ordering::Relaxed) != EXITS;
            if !ended && !closes && !sabotage::NO_EXIT_PIN {
                // Its thread runs on, and a handler of the host's may close the library yet.
                image::pin();
            }
        }
    }
    // Release pairs with the Acquire in `unload::wait_for_exit`.
    page().ending.store(EXITED, Ordering::Release);
}
