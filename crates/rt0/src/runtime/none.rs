//! No async runtime: the library was built without the feature `tokio`.

use std::future::Future;
use std::time::Duration;

use super::settings::Settings;

/// Never called: there are no threads.
pub fn on_thread(_option: &str, run: impl FnOnce()) {
    run();
}

/// Stands in for the runtime.
pub(crate) struct Runtime;

impl Runtime {
    pub fn none() -> Runtime {
        Runtime
    }

    pub fn build(_settings: &Settings, _when_lost: fn()) -> Result<Runtime, String> {
        Ok(Runtime)
    }

    pub fn block_on<F: Future>(&self, _future: F) -> F::Output {
        // `require_async` has refused all of the author's async functions at compile time.
        unreachable!("an async function in a library without the feature `tokio`")
    }

    pub fn wait_for<F: Future>(&self, future: F) -> F::Output {
        self.block_on(future)
    }

    pub fn enter(&self) -> Option<()> {
        None
    }

    pub fn at_hand(&self) -> impl Sized + '_ {}

    pub fn settle_signals(&self) {}

    pub fn thread_failure(&self) -> Option<&String> {
        None
    }

    pub fn workers(&self) -> usize {
        0
    }

    pub fn block_on_for<F: Future>(
        &self,
        _future: F,
        _time: Option<Duration>,
    ) -> Result<F::Output, String> {
        unreachable!("an async function in a library without the feature `tokio`")
    }

    pub fn shut_down(&mut self, _time: Option<Duration>) -> usize {
        0
    }

    pub fn abandon(&mut self) {}

    pub fn is_driven(&self) -> bool {
        false
    }

    pub fn is_lost(&self) -> bool {
        false
    }

    pub fn drive<F: Future>(&self, _until: F) {}
}
