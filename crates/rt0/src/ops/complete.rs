//! Who completes an op, and what comes after it.

use std::sync::Arc;

use rt0_core::protocol::op::{Ask, Woken};
use rt0_core::{Status, sabotage};

use super::op::{AnyOp, Head};
use super::table::Ops;
use crate::of_process::OfProcess;

impl Head {
    /// What comes after the completion, by the one who has completed it.
    pub fn completed(&self, was_closed: bool) {
        self.completed_quietly(was_closed);
        if let Some(ops) = Ops::present() {
            ops.drivers.wake();
        }
    }

    /// The same, but does not wake those who drive the runtime.
    fn completed_quietly(&self, was_closed: bool) {
        // In a fork's child that goes on inside the future, the op is the parent's.
        let Some(ops) = Ops::present() else { return };
        if self.deadline.is_some() {
            ops.clock.remove(self);
        }
        if was_closed {
            ops.remove(self.number);
        }
        if let Some(queue) = &self.queue {
            queue.push(self.tag);
        }
    }
}

impl dyn AnyOp {
    /// Completes the op with a status, if nobody else does.
    pub fn complete(&self, status: Status) {
        if let Some(was_closed) = self.head().completion.complete(status) {
            self.head().completed(was_closed);
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
        if let Some(was_closed) = head.completion.complete(Status::RuntimeLost) {
            head.completed_quietly(was_closed);
        }
    }

    /// Asks something of an open op, and sees to it that it happens. Never waits.
    pub fn ask(self: &Arc<Self>, ask: Ask) {
        let head = self.head();
        if !head.completion.ask(ask) {
            return;
        }
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

    /// Drops the value of the outcome, for the one who was told to.
    pub fn dispose_of_value(&self) {
        if !sabotage::NO_DISPOSED_RESULT {
            // SAFETY: passed on by the callers, which `Completion` has told to.
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
