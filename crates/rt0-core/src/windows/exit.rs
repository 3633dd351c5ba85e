//! The end of the process, and of the library's place in memory, as Windows has them.
//!
//! | what | how we are told | what we do |
//! |---|---|---|
//! | the end of the process, by `exit`, a return from `main`, `ExitProcess` | the loader, when every other thread is dead already | nothing is begun any more; nobody is waited for |
//! | `FreeLibrary` of a library that can be unmapped, the last one | the loader | give back what is left |
//! | `TerminateProcess` | not at all | nothing |
//!
//! What a thread held when Windows ended it is held for ever: a lock, a half-written table. So there is no
//! orderly end here that would touch anything of the library's; a host that wants one calls the shutdown
//! first.
//!
//! Each thread of the library holds a reference to its file (`../thread/windows.rs`): when the loader says
//! that the file goes, there is none any more.

use core::sync::atomic::{Ordering, fence};
use core::time::Duration;

use crate::generation::{MAKING, page};
use crate::library::Library;
use crate::{args, sabotage, settings, thread};

// What `Page::ending` says.
/// The process ends.
const ENDS: u32 = 1;
/// The library is about to be unmapped.
const CLOSES: u32 = 3;

/// The constructor's part: there is nobody to be asked.
pub(crate) fn prepare() {}

/// The part of the first call, likewise.
pub(crate) fn prepare_again() {}

/// Whether the process ends, or the library is about to be unmapped: nothing is begun any more.
pub fn begun() -> bool {
    // Pairs with the fence in `begin`: a boot that was claimed before this look sees the end, or the end
    // sees the boot.
    fence(Ordering::SeqCst);
    page().ending.load(Ordering::Relaxed) != 0
}

fn begin(how: u32) {
    // Relaxed: the fence orders it.
    page().ending.store(how, Ordering::Relaxed);
    fence(Ordering::SeqCst);
}

/// The process ends, and this is its only thread.
pub(crate) fn process_ends(library: &'static Library) {
    begin(ENDS);
    if sabotage::NO_DEAD_THREADS
        && let Some(at_exit) = library.at_exit
    {
        at_exit(Duration::from_millis(settings::exit_ms(library).into()));
    }
}

/// The library is about to be unmapped. No thread of its own is there, unless it is this one, on its way
/// out.
pub(crate) fn unload() {
    begin(CLOSES);
    let handle = page().thread();
    if handle != 0 && handle != MAKING {
        // SAFETY: made by `thread::create`; nobody else is there to join it.
        unsafe { thread::detach(handle) };
    }
    args::release();
}
