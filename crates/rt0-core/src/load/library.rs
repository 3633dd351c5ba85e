//! The table of a library that says nothing about itself but its name.
//!
//! It is up here because it names the core's own ways to end a library. One that is built on a layer above has others,
//! and then the core's are not in the file.

use crate::exit;
use crate::library::{Library, Start, arguments};
use crate::platform::thread::signals::CollectorSignals;

impl Library {
    /// A library with this name, which is also in its symbols and its threads' names. It boots when it is
    /// loaded, by calling its [`boot`](Library::boot) function. Without one, every call gets
    /// [`Status::NoBootEntry`](crate::Status::NoBootEntry).
    pub const fn new(name: &'static str) -> Library {
        Library {
            name,
            start: Start::Load,
            wait_ms: Some(30_000),
            stack_size: 0,
            unload: None,
            boot: None,
            main: None,
            stop: None,
            exit_ms: 1000,
            at_exit: exit::by_itself,
            needs_thread: None,
            retry: false,
            retry_pause_ms: 1000,
            end_failed: None,
            waits_for_shutdown: None,
            collector_signals: CollectorSignals::Usual,
            settle_signals: None,
            wait_for_loader: None,
            capture: arguments::capture,
            step_ended: None,
            counts_calls: false,
            kept: None,
            on_own_thread: None,
        }
    }

    /// Whether the loader may unmap the library. It may not if the library contains std.
    pub const fn unloadable(mut self, unloadable: bool) -> Library {
        self.unload = if unloadable { Some(exit::unload) } else { None };
        self
    }
}
