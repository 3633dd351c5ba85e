//! What the library's ends do for ops and queues.

use std::sync::Arc;

use rt0_core::protocol::op::Ask;
use rt0_core::sync::Deadline;
use rt0_core::{Status, sabotage};

use super::op::AnyOp;
use super::queue::End;
use super::table::Ops;
use crate::exit;
use crate::of_process::OfProcess;
use crate::parts::Part;

struct OfOps;

/// What the library's ends do for ops.
pub static PART: &dyn Part = &OfOps;

impl Part for OfOps {
    fn closing(&self) {
        if let Some(ops) = Ops::present() {
            ops.drivers.wake();
        }
    }

    /// Drops the futures that nobody runs now, and has the others dropped at their next `await`.
    fn closed(&self, _: Deadline) {
        if sabotage::NO_STOPPED_OPS {
            return;
        }
        if let Some(ops) = Ops::present() {
            ops.each(|op| {
                stop(&op);
                revoke(&op);
            });
        }
    }

    /// Completes what is left, if a thread is still busy with it; then the queues end.
    fn ended(&self, deadline: Deadline) {
        let Some(ops) = Ops::present() else { return };
        let queues = ops.queues();
        // First: what begins after the look at the ops finds its queue closed.
        queues.iter().for_each(|queue| queue.close());
        ops.each(|op| {
            if !sabotage::NO_STOPPED_OPS {
                op.complete(Status::Stopped);
            }
            revoke(&op);
        });
        for queue in &queues {
            queue.finish(End::ShutDown);
        }
        for queue in &queues {
            if let Some(callback) = &queue.callback {
                callback.wait_ended(deadline);
            }
        }
        ops.clock.end();
        ops.drivers.wake();
    }

    fn refuse(&self) {
        let Some(ops) = Ops::present() else { return };
        if sabotage::NO_REFUSED_WAITS {
            return;
        }
        ops.refuse();
        for queue in ops.queues() {
            if let Some(callback) = queue.callback.as_ref().filter(|_| !exit::is_ahead()) {
                callback.silence();
            }
            queue.wake_all();
        }
        ops.each(|op| op.head().completion.wake());
        ops.drivers.wake();
    }

    fn lost(&self) {
        if sabotage::NO_LOST_OPS {
            return;
        }
        if let Some(ops) = Ops::present() {
            ops.each(|op| op.lose());
        }
    }
}

fn stop(op: &Arc<dyn AnyOp>) {
    if op.head().completion.ask(Ask::Stop) && op.head().is_told() {
        op.head().signal().set();
    }
    op.clone().stop();
}

/// A result that is a handle of the generation that ends is none any more.
fn revoke(op: &Arc<dyn AnyOp>) {
    let head = op.head();
    if head.kind.is_of_generation()
        && !sabotage::NO_REVOKED_RESULTS
        && head.completion.revoke(Status::Stopped)
    {
        op.dispose_of_value();
    }
}
