//! What the library's ends do for ops and queues.

use std::sync::Arc;
use std::time::Duration;

use rt0_core::generation::page;
use rt0_core::platform::thread;
use rt0_core::protocol::op::Ask;
use rt0_core::sync::{Deadline, clock};
use rt0_core::{Status, sabotage};

use super::op::AnyOp;
use super::queue::{End, Queue};
use super::table::Ops;
use crate::exit;
use crate::generation::Generation;
use crate::of_process::OfProcess;
use crate::parts::Part;
use crate::runtime::{self, panic};

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
        let Some(ops) = Ops::present() else { return };
        as_shutdown(|| {
            // SAFETY: we are the shutdown.
            let generation = unsafe { Generation::present() };
            let _at_hand = generation.map(|generation| generation.runtime.at_hand());
            ops.each(|op| {
                stop(&op);
                revoke(&op);
            });
        });
    }

    /// Completes what is left, if a thread is still busy with it; then the queues end.
    fn ended(&self, deadline: Deadline) {
        let Some(ops) = Ops::present() else { return };
        let queues = ops.queues();
        // First: what begins after the look at the ops finds its queue closed.
        queues.iter().for_each(|queue| queue.close());
        // Even a timeout of zero gives a thread that has nothing left to do the time to end.
        let soon = deadline.max(clock::after(Duration::from_millis(100)));
        as_shutdown(|| {
            ops.each(|op| {
                if !sabotage::NO_STOPPED_OPS {
                    wait_for_waker(&op, soon);
                    op.complete(Status::Stopped);
                }
                revoke(&op);
            });
        });
        ops.end_queues(&queues);
    }

    /// Those who waited for a boot have been told. The queues end nevertheless: a host that waits for tags waits for what
    /// has ended. An op that another thread has just begun on one of them is done here, whatever runs it.
    fn idle(&self) {
        let Some(ops) = Ops::present() else { return };
        if sabotage::NO_WAKE_OF_STOPPED {
            std::thread::sleep(Duration::from_millis(50));
        }
        let queues = ops.queues();
        queues.iter().for_each(|queue| queue.close());
        as_shutdown(|| {
            ops.each(|op| {
                let head = op.head();
                let ends = head.generation() == 0 || head.has_closed_queue();
                // Its future is dropped when it is run next: now.
                if ends && op.complete(Status::Stopped) && !sabotage::NO_WAKE_OF_STOPPED {
                    op.wake();
                }
            });
        });
        ops.end_queues(&queues);
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

    /// The threads of callback queues have made their last call.
    fn over(&self, deadline: Deadline) -> Result<(), String> {
        let Some(ops) = Ops::present() else {
            return Ok(());
        };
        let mut all = true;
        for queue in ops.queues() {
            let Some(callback) = &queue.callback else {
                continue;
            };
            if !queue.is_over() {
                if !page().end_has_begun() && !sabotage::NO_NEWER_QUEUE {
                    // It was made since this shutdown has ended all queues: it is of the next generation.
                    continue;
                }
                // The library could not be ended, but calls nobody any more.
                callback.silence();
                queue.wake_all();
            }
            // Even a timeout of zero gives a thread that has nothing left to do the time to end.
            let soon = clock::after(Duration::from_millis(100));
            all &= callback.wait_ended(deadline.max(soon));
        }
        all.then_some(()).ok_or_else(|| {
            "a function of the host's, which a callback queue has called, has not returned in time".to_owned()
        })
    }

    fn lost(&self, generation: u32) {
        if sabotage::NO_LOST_OPS {
            return;
        }
        if let Some(ops) = Ops::present() {
            ops.each(|op| op.lose(generation));
        }
    }
}

impl Ops {
    /// Ends queues that are closed, and the clock, after all their ops are done.
    fn end_queues(&'static self, queues: &[Arc<Queue>]) {
        for queue in queues {
            queue.finish(End::ShutDown);
        }
        self.clock.end();
        self.drivers.wake();
    }
}

/// Runs what may be the author's code, so that it can't wait for the shutdown, and a panic can't end the host.
fn as_shutdown(run: impl FnOnce()) {
    let _ = runtime::as_own_thread(|| panic::caught(run));
}

fn stop(op: &Arc<dyn AnyOp>) {
    if op.head().completion.ask(Ask::Stop) && op.head().is_told() {
        op.head().signal().set();
    }
    op.clone().stop();
}

/// The runtime has ended. A thread that has woken the future before that, a host's or one of the author's own, and has
/// not passed it on yet, will find no runtime and drop the future: before the shutdown says that nothing runs any more.
fn wait_for_waker(op: &Arc<dyn AnyOp>, deadline: Deadline) {
    let head = op.head();
    // The thread that the exit of the process has interrupted never comes back.
    let exits = || page().end_has_begun() && !exit::is_ahead();
    while head.turn.is_somebodys()
        && !head.is_lost()
        && !exits()
        && clock::left(deadline) != Some(Duration::ZERO)
        && !sabotage::NO_LAST_WAKE
    {
        thread::pause();
    }
}

/// A result that is a handle of the generation that ends is none any more.
fn revoke(op: &Arc<dyn AnyOp>) {
    let head = op.head();
    if head.kind.is_of_generation()
        && !sabotage::NO_REVOKED_RESULTS
        && head.completion.revoke(Status::Stopped)
    {
        // SAFETY: we have put a status in the place of the value.
        unsafe { op.dispose_of_value() };
    }
}
