//! Futures of any type for code that is compiled once.
//!
//! The compiler makes tokio's `block_on` anew for every type of future, for each of the two schedulers: some
//! KiB each time. Here the future's type ends at a closure, which costs one more call for each poll.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use tokio::runtime::{Handle, Runtime};

/// Polls a future, or drops it if there is no context.
pub(super) type Step<'a> = dyn FnMut(Option<&mut Context<'_>>) -> Poll<()> + 'a;

/// Lets `run` poll the future and drop it. Returns the future's value if it is done, and what `run` returns.
pub(super) fn stepped<F: Future, R>(
    future: F,
    run: impl FnOnce(&mut Step<'_>) -> R,
) -> (Option<F::Output>, R) {
    let mut future = pin!(Some(future));
    let mut value = None;
    let result = run(
        &mut |context| match (context, future.as_mut().as_pin_mut()) {
            (Some(context), Some(future)) => future.poll(context).map(|done| value = Some(done)),
            _ => {
                future.set(None);
                Poll::Ready(())
            }
        },
    );
    (value, result)
}

/// tokio's [`Runtime::block_on`].
pub(super) fn block_on<F: Future>(runtime: &Runtime, future: F) -> F::Output {
    let mut value = None;
    let mut future = pin!(future);
    let polled = poll_fn(|context| future.as_mut().poll(context).map(|done| value = Some(done)));
    drive(runtime, pin!(polled));
    value.expect("tokio returns when it is done")
}

#[inline(never)]
fn drive(runtime: &Runtime, future: Pin<&mut dyn Future<Output = ()>>) {
    runtime.block_on(future);
}

/// tokio's [`Handle::block_on`].
#[inline(never)]
pub(super) fn block_on_handle(handle: &Handle, future: Pin<&mut dyn Future<Output = ()>>) {
    handle.block_on(future);
}
