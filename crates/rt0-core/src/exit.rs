//! The end of the process, and of the library's place in memory.
//!
//! | what | how we are told | what we do |
//! |---|---|---|
//! | `exit`, a return from the host's `main` | a handler, registered at load and once more at the first call; `.fini_array`, should there be no way to register one | end the generation, within a time; a library that can be unmapped and does not end in time is pinned |
//! | `dlclose` of a library that can be unmapped | `.fini_array` | wait for an exit that is under way; end the generation, join its thread, take every handler back |
//! | `_exit`, `quick_exit`, a signal | not at all | nothing |
//!
//! Handlers run in the reverse order of their registration, together with the destructors of C++
//! statics, which are such handlers too. So one that was registered when the library was loaded ends
//! our threads before the statics that existed then are gone. A library that the host is linked with
//! is loaded before the host's own statics are made: therefore it registers again at the first call,
//! which alone can lead our threads to them. The statics that are made later are the host's duty.
//! (`rt0::ready` and the like on the library's own threads do not count as a first call; an export that the
//! library calls by its C name does.)

use core::ffi::{c_int, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicU32, Ordering, fence};
use core::time::Duration;

use rt0_abi::Status;

use crate::generation::page;
use crate::library::{Library, this_library};
use crate::pause::pause;
use crate::sync::Deadline;
use crate::{args, boot, generation, hold, image, namespace, sabotage, settings, stop, thread};

// What `Page::ending` says.
/// The process exits.
const EXITS: u32 = 1;
/// And all that was to be done for that is done.
const EXITED: u32 = 2;
/// The library is about to be unmapped.
const CLOSES: u32 = 3;

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
        // glibc leaves its lock around handlers as another thread of the parent has it: a child that is
        // forked now could never exit.
        hold::hold();
        // SAFETY: the Itanium C++ ABI's `__cxa_atexit`; the handler lies in this file, which is never
        // unmapped or takes the handler back before (`fini`). Without memory for it, it is not called.
        unsafe { (handlers.register)(at_exit, null_mut(), generation::file()) };
        hold::let_go();
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
pub fn begun() -> bool {
    // A boot that was claimed before this look, and an end that begins at the same time: one of them
    // sees the other. Pairs with the fence in `begin`.
    fence(Ordering::SeqCst);
    page().ending.load(Ordering::Relaxed) != 0
}

/// What stood there before. Takes a boot back that nobody has claimed.
fn begin(how: u32) -> u32 {
    // Relaxed: the fence orders it.
    let result = page()
        .ending
        .compare_exchange(0, how, Ordering::Relaxed, Ordering::Relaxed);
    // Pairs with the fence in `begun`.
    fence(Ordering::SeqCst);
    match result {
        Ok(_) => {
            page().gate.unschedule();
            0
        }
        Err(former) => former,
    }
}

extern "C" fn at_exit(_: *mut c_void) {
    if let Ok(library) = this_library() {
        thread::uncancelled(|| end(library));
    }
}

/// The process exits.
fn end(library: &'static Library) {
    if begin(EXITS) != 0 {
        return;
    }
    let time = Duration::from_millis(settings::exit_ms(library).into());
    match library.at_exit {
        Some(at_exit) => at_exit(time),
        None => {
            let ended = stop::shut_down(library, boot::after(time)).is_ok();
            let closes = page().ending.load(Ordering::Relaxed) != EXITS;
            if !ended && !closes && !sabotage::NO_EXIT_PIN {
                // Its thread runs on, and a handler of the host's may close the library yet.
                image::pin();
            }
        }
    }
    // Release pairs with the Acquire in `wait_for_exit`.
    page().ending.store(EXITED, Ordering::Release);
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
    thread::uncancelled(|| fini_of(library));
}

fn fini_of(library: &'static Library) {
    if library.stays() {
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
    // It has its way out of this file still to go.
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
    if stop::shut_down(library, Deadline::Never) != Err(Status::Forked) {
        boot::join_boot_thread(Deadline::Never);
    }
    args::release();
}

/// `__cxa_atexit`.
pub(crate) type CxaAtexit =
    unsafe extern "C" fn(extern "C" fn(*mut c_void), *mut c_void, *const c_void) -> c_int;

/// `__cxa_finalize`.
pub(crate) type CxaFinalize = unsafe extern "C" fn(*const c_void);
