//! Who completes an op, and what comes after it.

use std::mem;
use std::sync::Arc;
use std::sync::atomic::{Ordering, fence};

use rt0_core::protocol::op::{Ask, Published, Woken};
use rt0_core::{Status, sabotage};

use super::op::{AnyOp, Head};
use super::table::Ops;
use crate::of_process::OfProcess;

impl Head {
    /// Completes the op by this step, and puts its tag into its queue: at once, for all who look at both, so that the
    /// tags come in the order in which ops are seen to be done. `None`: another completes it.
    pub fn done_by(&self, step: impl FnOnce() -> Option<Published>) -> Option<Published> {
        // In a fork's child that goes on inside the future, the op is the parent's, and so is the queue.
        let queue = self.queue.as_ref().filter(|_| Ops::present().is_some());
        match queue {
            Some(queue) if sabotage::NO_TAG_ORDER => {
                let published = step()?;
                std::thread::sleep(std::time::Duration::from_millis(self.tag % 2 * 5));
                queue.push(self.tag, || Some(published))
            }
            Some(queue) => queue.push(self.tag, step),
            None => step(),
        }
    }

    /// What comes after the completion, by the one who has completed it.
    pub fn completed(&self, published: Published) {
        self.completed_quietly(published);
        if let Some(ops) = Ops::present() {
            ops.drivers.wake();
            // If it has never started, what it was begun with is of no use to anybody, and no boot is to begin for it.
            let wait = (self.generation() == 0).then(|| ops.forget_wait(self));
            if let Some(wait) = wait.flatten().filter(|_| !sabotage::NO_WAIT_GIVEN_UP) {
                wait.give_up();
            }
            // A task of the author's may hold a `Cancel` for longer than the function.
            if !sabotage::NO_WORD_OF_DONE {
                self.tell();
            }
        }
    }

    /// The same, but does not wake those who drive the runtime.
    fn completed_quietly(&self, published: Published) {
        let Some(ops) = Ops::present() else { return };
        if self.deadline.is_some() {
            ops.clock.remove(self);
        }
        if published.was_closed() {
            ops.remove(self.number);
        }
        self.completion.wake_waiters(published);
    }

    /// Whether its queue takes no more ops.
    pub fn has_closed_queue(&self) -> bool {
        self.queue.as_ref().is_some_and(|queue| queue.is_closed())
    }

    /// Gives back the op's place in its queue: it has not begun, and no tag comes.
    pub fn give_place_back(&self) {
        if let Some(queue) = &self.queue {
            if !sabotage::NO_PLACE_BACK {
                queue.give_back();
            }
        }
    }
}

impl dyn AnyOp {
    /// Completes the op with a status. False: another does.
    pub fn complete(&self, status: Status) -> bool {
        let head = self.head();
        let published = head.done_by(|| head.completion.complete(status));
        published
            .map(|published| head.completed(published))
            .is_some()
    }

    /// Completes an op that has begun when its runtime was lost already.
    pub fn lose_late(self: &Arc<Self>) {
        self.complete(Status::RuntimeLost);
        self.leave();
    }

    /// The future of a lost runtime is never dropped. So its memory must stay, too: it is pinned, and others may keep
    /// pointers into it until then.
    fn leave(self: &Arc<Self>) {
        if self.head().is_lost() {
            mem::forget(self.clone());
        }
    }

    /// Completes the op if its runtime is lost, which is that of this generation. The future is left as it is. Wakes
    /// nothing of the runtime's, and none of the author's wakers: this can be a thread that panics in the runtime's
    /// driver.
    pub fn lose(self: &Arc<Self>, generation: u32) {
        let head = self.head();
        // Pairs with the one in `begin::start`: who does not see the generation has marked the runtime before its start.
        fence(Ordering::SeqCst);
        // An op that waits for the boot is of no runtime yet, and one of the next generation has a runtime.
        let of = head.generation();
        if of != generation && !(sabotage::NO_LOST_NUMBER && of != 0) {
            return;
        }
        if let Some(published) = head.done_by(|| head.completion.complete(Status::RuntimeLost)) {
            self.leave();
            head.completed_quietly(published);
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
    if let Some(op) = Ops::present().and_then(|ops| ops.find_any(number)) {
        if !sabotage::NO_OP_DEADLINE {
            op.ask(Ask::Expire);
        }
    }
}
