//! Who completes an op, and what comes after it.

use std::sync::Arc;
use std::sync::atomic::{Ordering, fence};

use rt0_core::protocol::op::{Ask, Published, Woken};
use rt0_core::{Status, sabotage};

use super::op::{AnyOp, Head};
use super::table::Ops;
use crate::of_process::OfProcess;

impl Head {
    /// What comes after the completion, by the one who has completed it.
    pub fn completed(&self, published: Published) {
        self.completed_quietly(published);
        if let Some(ops) = Ops::present() {
            ops.drivers.wake();
        }
    }

    /// The same, but does not wake those who drive the runtime.
    fn completed_quietly(&self, published: Published) {
        // In a fork's child that goes on inside the future, the op is the parent's.
        let Some(ops) = Ops::present() else { return };
        if self.deadline.is_some() {
            ops.clock.remove(self);
        }
        if published.was_closed() {
            ops.remove(self.number);
        }
        if let Some(queue) = &self.queue {
            queue.push(self.tag);
        }
        // Last: who was woken finds the tag in the queue.
        self.completion.wake_waiters(published);
    }
}

impl dyn AnyOp {
    /// Completes the op with a status, if nobody else does.
    pub fn complete(&self, status: Status) {
        if let Some(published) = self.head().completion.complete(status) {
            self.head().completed(published);
        }
    }

    /// Completes the op because its runtime is lost. The future is left as it is. Wakes nothing of the runtime's, and
    /// none of the author's wakers: this can be a thread that panics in the runtime's driver.
    pub fn lose(&self) {
        let head = self.head();
        // An op that waits for the boot is of no runtime yet.
        if head.generation() == 0 {
            return;
        }
        if let Some(published) = head.completion.complete(Status::RuntimeLost) {
            head.completed_quietly(published);
        }
    }

    /// Asks something of an open op, and sees to it that it happens. Never waits.
    pub fn ask(self: &Arc<Self>, ask: Ask) {
        let head = self.head();
        if !head.completion.ask(ask) {
            return;
        }
        // Pairs with the one in `Head::start`: either we see that the function takes a `Cancel`, or its first look at
        // that sees what we have asked.
        fence(Ordering::SeqCst);
        if head.is_told() {
            head.signal().set();
        }
        if ask == Ask::Cancel && head.is_told() {
            return;
        }
        if self.clone().wake() == Woken::NoFuture {
            self.complete(ask.status());
        }
    }

    /// Drops the value of the outcome.
    ///
    /// # Safety
    /// As for [`AnyOp::dispose`].
    pub unsafe fn dispose_of_value(&self) {
        if !sabotage::NO_DISPOSED_RESULT {
            // SAFETY: passed on to our caller.
            unsafe { self.dispose() };
        }
    }
}

/// Ends the op with this number, because its time is over.
pub(super) fn expire(number: usize) {
    if let Some(op) = Ops::present().and_then(|ops| ops.find_any(number))
        && !sabotage::NO_OP_DEADLINE
    {
        op.ask(Ask::Expire);
    }
}
