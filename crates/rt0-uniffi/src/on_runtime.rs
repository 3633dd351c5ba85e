//! A future that the other language polls, in the context of rt0's runtime.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::runtime::Handle;

use crate::sabotage;

/// Gives async code rt0's runtime: tokio's timers, sockets and `tokio::spawn` work in it, as in `#[rt0::init]`.
///
/// ```no_run
/// # use std::time::Duration;
/// # async fn example() {
/// rt0_uniffi::on_runtime(|| tokio::time::sleep(Duration::from_secs(1))).await;
/// rt0_uniffi::on_runtime(async || {
///     let task = tokio::spawn(async { 7 });
///     task.await
/// })
/// .await;
/// # }
/// ```
///
/// It takes a closure because tokio's futures need the runtime already when they are made.
///
/// UniFFI has no runtime of its own: an `async fn` is polled where the other language's event loop says, in Python on
/// the loop's own thread. This does not change that. What must not keep that thread busy belongs in a task:
/// [`rt0::spawn`].
///
/// Before the library is ready, it waits as [`rt0::ready_async`] does, and does not block the executor's thread. Use it
/// in a function with `#[rt0::gated]`: if the library can't be ready, that one returns the error.
///
/// # Panics
/// In the cases that [`rt0::handle()`] lists.
pub async fn on_runtime<F: Future>(make: impl FnOnce() -> F) -> F::Output {
    let handle = handle().await;
    let future = {
        let _entered = (!sabotage::NO_RUNTIME).then(|| handle.enter());
        Some(Box::pin(make()))
    };
    OnRuntime { handle, future }.await
}

async fn handle() -> Handle {
    let here = rt0::ready_async().await;
    if let Err(error) = &here
        && error.status() == rt0::Status::NotReady
    {
        // `rt0::handle` would wait once more, on this thread.
        panic!("{error}");
    }
    // Without `here`, too: init has the runtime already.
    rt0::handle()
}

struct OnRuntime<F> {
    handle: Handle,
    /// `None` when it has been dropped.
    future: Option<Pin<Box<F>>>,
}

impl<F: Future> Future for OnRuntime<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let OnRuntime { handle, future } = &mut *self;
        let _entered = handle.enter();
        let future = future.as_mut().expect("it is dropped with this");
        future.as_mut().poll(context)
    }
}

impl<F> Drop for OnRuntime<F> {
    fn drop(&mut self) {
        // What is dropped may use the runtime as well.
        let _entered = self.handle.enter();
        self.future = None;
    }
}
