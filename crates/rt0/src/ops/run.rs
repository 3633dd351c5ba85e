//! Has the futures of ops run: on tokio's workers, by a small task for each run.
//!
//! The task is the same type for all exports. An op whose future waits has none: a wake-up makes the next.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rt0_core::sabotage;
use tokio::runtime::Handle;

use super::op::AnyOp;
use crate::generation::lost;
use crate::runtime::{self, panic};

/// The turn of an op, on its way to be run.
struct Run(Option<Arc<dyn AnyOp>>);

impl Future for Run {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.0 = self.0.take().and_then(AnyOp::run);
        if self.0.is_none() {
            return Poll::Ready(());
        }
        // It was woken meanwhile: once more, after those who have waited for longer.
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Drop for Run {
    /// The runtime has ended, and never runs it. This can be any thread that has woken the future, and the shutdown
    /// waits for it.
    fn drop(&mut self) {
        if let Some(op) = self.0.take() {
            runtime::as_own_thread(|| op.dropped());
        }
    }
}

/// Has an op run, by the one who has the turn.
pub(super) fn spawn(handle: &Handle, op: Arc<dyn AnyOp>) {
    // If the runtime is lost, its driver can't be woken, and tokio panics. The loss completes the op. On a thread that is
    // in no call, such as that of the clock, nobody else notices it.
    let spawned = panic::caught(|| drop(handle.spawn(Run(Some(op)))));
    if spawned.is_err() && !sabotage::NO_LOSS_AT_WAKE {
        lost::is_lost();
    }
}
