//! The runtime: tokio's, with the same workers as with rt0.

use std::time::Duration;

use tokio::runtime::{Builder, Runtime as Tokio};

/// Runs until it is ended.
pub struct Runtime(Tokio);

impl Runtime {
    /// Makes the runtime.
    pub fn new() -> Runtime {
        let tokio = Builder::new_multi_thread().enable_all().build();
        Runtime(tokio.expect("a runtime"))
    }

    /// Runs what start-up does.
    pub fn run<T>(&self, start: impl FnOnce() -> T) -> T {
        self.0.block_on(async { start() })
    }

    /// Ends the threads.
    pub fn end(self, limit: Duration) {
        self.0.shutdown_timeout(limit);
    }
}
