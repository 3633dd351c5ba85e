//! No runtime, for the size of a library without tokio.

use std::time::Duration;

/// Nothing.
pub struct Runtime;

impl Runtime {
    /// Makes nothing.
    pub fn new() -> Runtime {
        Runtime
    }

    /// Runs what start-up does.
    pub fn run<T>(&self, start: impl FnOnce() -> T) -> T {
        start()
    }

    /// Ends nothing.
    pub fn end(self, _: Duration) {}
}
