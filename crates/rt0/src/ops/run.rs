//! Runs the futures of ops: on tokio's workers, by a small task for each run.
//!
//! The task is the same type for all exports. An op whose future waits has none: a wake-up makes the next.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use tokio::runtime::Handle;

use super::op::{AnyOp, OpOf, Runs};
use super::table::Ops;
use crate::call::answer;
use crate::failure::Failure;
use crate::runtime::panic;

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
    /// The runtime has ended, and never runs it.
    fn drop(&mut self) {
        if let Some(op) = self.0.take() {
            op.dropped();
        }
    }
}

/// Has an op run, by the one who has the turn.
pub(super) fn spawn(handle: &Handle, op: Arc<dyn AnyOp>) {
    // If the runtime is lost, its driver can't be woken, and tokio panics. The loss completes the op.
    let _ = panic::caught(|| drop(handle.spawn(Run(Some(op)))));
}

/// Runs the future of an op once, on the thread to which the turn was passed.
pub(super) fn run<T, F>(op: Arc<OpOf<T, F>>) -> Option<Arc<dyn AnyOp>>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
{
    let head = op.head();
    if !head.turn.begin() {
        return None;
    }
    if let Some(status) = head.must_end() {
        // SAFETY: `begin` gave us the turn.
        unsafe { op.finish(Err(status)) };
        return None;
    }
    let process = Ops::address();
    let waker = Waker::from(op.clone());
    let mut context = Context::from_waker(&waker);
    // SAFETY: `begin` gave us the turn.
    let polled = panic::caught_call(|| unsafe { op.poll(&mut context) });
    if Ops::address() != process {
        // The future has forked, and this is the child: the op is the parent's.
        std::mem::forget(waker);
        std::mem::forget(op);
        return None;
    }
    let result = match polled {
        Ok(Poll::Pending) => {
            let rests = head.turn.rest();
            return (!rests).then_some(op as Arc<dyn AnyOp>);
        }
        Ok(Poll::Ready(result)) => result,
        Err(payload) => Err(answer::panicked(head.kind.symbol(), payload)),
    };
    // SAFETY: `begin` gave us the turn.
    unsafe { op.finish(Ok(result.map_err(Box::new))) };
    None
}

impl<T, F> Wake for OpOf<T, F>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
{
    fn wake(self: Arc<Self>) {
        AnyOp::wake(self);
    }
}
