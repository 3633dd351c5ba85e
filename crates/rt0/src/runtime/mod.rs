//! The async runtime: tokio, or none. One file for each; the rest of the crate knows only the names.

#[cfg(feature = "tokio")]
#[path = "tokio.rs"]
mod chosen;
#[cfg(not(feature = "tokio"))]
#[path = "none.rs"]
mod chosen;

#[cfg(feature = "tokio")]
mod building;

pub use chosen::require_async;
pub(crate) use chosen::{Runtime, panicked};
#[cfg(feature = "tokio")]
pub use chosen::{handle, spawn};

use std::cell::Cell;

use rt0_core::signals;

thread_local! {
    static OWN: Cell<bool> = const { Cell::new(false) };
}

/// What each of the runtime's threads does first. Those that tokio makes from a host's thread have
/// that thread's signal mask, not the boot thread's.
#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
fn thread_starts() {
    OWN.set(true);
    signals::block();
}

/// Whether this thread is one of the runtime's.
pub(crate) fn on_own_thread() -> bool {
    OWN.get()
}
