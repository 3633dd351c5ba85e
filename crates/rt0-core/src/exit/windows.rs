//! The end of the process, and the unmapping of the library, on Windows.
//!
//! | what | how we are told | what we do |
//! |---|---|---|
//! | the end of the process, by `exit`, a return from `main`, `ExitProcess` | by the loader, when every other thread is dead already | begin nothing new, and wait for nobody |
//! | the last `FreeLibrary` of a library that can be unmapped | by the loader | give back what is left |
//! | `TerminateProcess` | not at all | nothing |
//!
//! What a thread held when Windows ended it stays held for ever: a lock, a half-written table. So there is no
//! orderly end here, because it would touch the library's data. A host that wants one calls the shutdown
//! first.
//!
//! Each thread of the library holds a reference to its file (`platform/thread/windows.rs`). So when the
//! loader unloads the file, no such thread is left.

use core::time::Duration;

use crate::generation::{EXITING, MAKING, page};
use crate::library::{Library, arguments, settings};
use crate::platform::thread;
use crate::sabotage;

/// Called by the constructor. Windows has nowhere to register.
pub(crate) fn register_at_load() {}

/// Called by the first call. Windows has nowhere to register.
pub(crate) fn register_at_first_call() {}

/// Called when the loader unloads the file. The loader does not say whether the process is ending. It is if
/// the file is never unloaded.
pub(crate) fn end(library: &'static Library) {
    page().begin_end(EXITING);
    if let Some(unload) = library.unload {
        return unload(library);
    }
    if sabotage::NO_DEAD_THREADS {
        let time = Duration::from_millis(settings::of(library).exit_ms.into());
        (library.at_exit)(library, time);
    }
}

/// The process ends, and with it a library that is built on the core alone.
pub(crate) fn by_itself(_: &'static Library, _: Duration) {}

/// Gives back what is left. The library has no thread any more: its thread is the calling one, on its way
/// out, or Windows has ended it.
pub(crate) fn unload(_: &'static Library) {
    let handle = page().thread();
    if handle != 0 && handle != MAKING {
        // SAFETY: `thread::create` made the handle, and no other thread is left to join it.
        unsafe { thread::detach(handle) };
    }
    arguments::release();
}
