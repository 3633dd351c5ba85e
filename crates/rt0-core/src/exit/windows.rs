//! The end of the process, and of the library's place in memory, as Windows has them.
//!
//! | what | how we are told | what we do |
//! |---|---|---|
//! | the end of the process, by `exit`, a return from `main`, `ExitProcess` | the loader, when every other thread is dead already | nothing is begun any more, and nobody waited for |
//! | `FreeLibrary` of a library that can be unmapped, the last one | the loader | give back what is left |
//! | `TerminateProcess` | not at all | nothing |
//!
//! What a thread held when Windows ended it is held for ever: a lock, a half-written table. So there is no
//! orderly end here that would touch anything of the library's; a host that wants one calls the shutdown
//! first.
//!
//! Each thread of the library holds a reference to its file (`platform/thread/windows.rs`): when the loader says
//! that the file goes, there is none any more.

use core::time::Duration;

use crate::generation::{EXITS, MAKING, page};
use crate::library::{Library, arguments, settings};
use crate::platform::thread;
use crate::sabotage;

/// The constructor's part: there is nobody to be asked.
pub(crate) fn register_at_load() {}

/// The part of the first call, likewise.
pub(crate) fn register_at_first_call() {}

/// The loader says that the file goes. It does not say whether the process ends: it does when the file is
/// one that stays.
pub(crate) fn end(library: &'static Library) {
    page().begin_end(EXITS);
    if !library.is_never_unloaded() {
        return give_back();
    }
    if sabotage::NO_DEAD_THREADS
        && let Some(at_exit) = library.at_exit
    {
        at_exit(Duration::from_millis(settings::of(library).exit_ms.into()));
    }
}

/// No thread of the library's is there any more: it is this one, on its way out, or Windows has ended it.
fn give_back() {
    let handle = page().thread();
    if handle != 0 && handle != MAKING {
        // SAFETY: made by `thread::create`; nobody else is there to join it.
        unsafe { thread::detach(handle) };
    }
    arguments::release();
}
