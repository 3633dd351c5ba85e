//! Nothing to be kept apart: what the runtime opens on Windows is handles, and no host closes those of others.

use std::task::Waker;
use std::time::Duration;

/// How long a call waits before it looks whether the runtime is still there.
pub(crate) const LOOK: Duration = Duration::from_millis(500);

/// Nothing is known.
#[derive(Debug)]
pub(crate) enum Known {}

impl Known {
    pub fn are_there(&self) -> bool {
        match *self {}
    }

    pub fn forget(&self) {
        match *self {}
    }

    pub fn avoid(&self) {
        match *self {}
    }
}

/// Runs `build`.
pub(crate) fn with_high_numbers<R>(build: impl FnOnce() -> R) -> (R, Option<Known>) {
    (build(), None)
}

/// Runs `f`.
pub(crate) fn driving<R>(f: impl FnOnce() -> R) -> R {
    f()
}

/// This thread is one of the runtime's own.
pub(crate) fn on_worker() {}

/// Nobody is rung.
pub(crate) fn call_to_ring(_waker: &Waker) {}
