//! Runs blocking work on the runtime's pool for it.

use std::panic::resume_unwind;

use tokio::task::{JoinError, spawn_blocking};

/// Runs `work` on the pool and waits for it. A panic in `work` continues here.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    spawn_blocking(work).await.unwrap_or_else(panicked)
}

/// Continues a task's panic. Tasks of the pool are never aborted once they run, so the only other case is a
/// runtime that ends before the task begins.
pub(crate) fn panicked<T>(error: JoinError) -> T {
    match error.try_into_panic() {
        Ok(panic) => resume_unwind(panic),
        Err(error) => panic!("the runtime ended before the work was done: {error}"),
    }
}
