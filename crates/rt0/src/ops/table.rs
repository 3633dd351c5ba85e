//! The ops and queues of this process: tables from handles to what is behind them.
//!
//! Handles are numbers of the same count as those of `#[rt0::handle]` (`generation/numbers.rs`): none is given twice,
//! to an op, a queue or a value. A table is a vector in the order of the numbers (`growing.rs`). That of the ops is
//! cut into shards, each with a lock of its own.

use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use rt0_core::Status;
use rt0_core::generation::page;
use rt0_core::protocol::op::NotTaken;
use rt0_core::sabotage;

use super::clock::Clock;
use super::driving::Drivers;
use super::kind::Kind;
use super::op::{AnyOp, Head};
use super::queue::Queue;
use crate::call::when_ready::WhenReady;
use crate::failure::Failure;
use crate::generation::handles::{next_number, place};
use crate::growing::Growing;
use crate::of_process::OfProcess;

/// More than most machines have processors that begin ops at once.
const SHARDS: usize = 16;

/// Everything about ops that a process has one of.
pub(super) struct Ops {
    shards: [Shard; SHARDS],
    queues: RwLock<Growing<Arc<Queue>>>,
    /// What waits for the library, for ops that have begun before that.
    waits: Mutex<Growing<WhenReady>>,
    pub clock: Clock,
    pub drivers: Drivers,
    /// Nobody may wait any more: the library ends for good.
    refused: AtomicBool,
}

/// On a cache line of its own.
#[repr(align(64))]
struct Shard(Mutex<Growing<Arc<dyn AnyOp>>>);

impl Shard {
    fn lock(&self) -> MutexGuard<'_, Growing<Arc<dyn AnyOp>>> {
        // Nothing panics while the lock is held but a lack of memory, which leaves the table as it was.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// SAFETY: this is the only use of the word.
unsafe impl OfProcess for Ops {
    fn word() -> &'static AtomicPtr<()> {
        if sabotage::NO_WIPED_OPS {
            static KEPT: AtomicPtr<()> = AtomicPtr::new(null_mut());
            return &KEPT;
        }
        &page().ops
    }

    fn last() -> &'static AtomicPtr<Ops> {
        static LAST: AtomicPtr<Ops> = AtomicPtr::new(null_mut());
        &LAST
    }
}

impl Ops {
    /// Those of this process.
    pub fn here() -> &'static Ops {
        Ops::present_or(Ops::new)
    }

    fn new() -> Ops {
        Ops {
            shards: std::array::from_fn(|_| Shard(Mutex::new(Growing::new()))),
            queues: RwLock::new(Growing::new()),
            waits: Mutex::new(Growing::new()),
            clock: Clock::new(),
            drivers: Drivers::new(),
            refused: AtomicBool::new(false),
        }
    }

    fn shard(&self, number: usize) -> &Shard {
        &self.shards[(place(number) / 2) as usize % SHARDS]
    }

    /// Puts an op into the table.
    pub fn insert(&self, op: Arc<dyn AnyOp>) {
        let number = op.head().number;
        self.shard(number).lock().insert(place(number), op);
    }

    /// Takes an op out.
    pub fn remove(&self, number: usize) {
        let removed = self.shard(number).lock().remove(place(number));
        drop(removed);
    }

    /// The op with this open handle.
    pub fn find(&self, number: usize) -> Option<Arc<dyn AnyOp>> {
        let shard = self.shard(number).lock();
        let found = shard.get(place(number))?;
        let is_open = !found.head().completion.look().is_closed();
        is_open.then(|| found.clone())
    }

    /// The op with this number, also if its handle was closed.
    pub fn find_any(&self, number: usize) -> Option<Arc<dyn AnyOp>> {
        self.shard(number).lock().get(place(number)).cloned()
    }

    /// Closes the handle of an op of this kind that is done, and takes the op out: for the one who takes its outcome.
    pub fn take(
        &self,
        kind: &Kind,
        number: usize,
    ) -> Result<(Arc<dyn AnyOp>, Option<Status>), NotTaken> {
        let mut shard = self.shard(number).lock();
        let found = shard.get(place(number)).ok_or(NotTaken::Closed)?;
        if !found.head().kind.is(kind) && !sabotage::NO_KIND_CHECK {
            return Err(NotTaken::Closed);
        }
        let status = found.head().completion.take()?;
        let op = shard.remove(place(number)).ok_or(NotTaken::Closed)?;
        Ok((op, status))
    }

    /// Calls `f` for each op in the table at this time, without a lock.
    pub fn each(&self, mut f: impl FnMut(Arc<dyn AnyOp>)) {
        for shard in &self.shards {
            let all: Vec<_> = shard.lock().values().cloned().collect();
            all.into_iter().for_each(&mut f);
        }
    }

    /// Notes what waits for the library for this op. It is given up if the op ends before that.
    pub fn note_wait(&self, op: &Head, wait: WhenReady) {
        self.waits().insert(place(op.number), wait);
        // Looked at when it is noted: whoever starts or ends the op does so before he forgets it.
        let is_over = op.generation() != 0 || !op.completion.look().is_open();
        if is_over {
            if let Some(wait) = self.forget_wait(op) {
                wait.give_up();
            }
        }
    }

    /// Nothing waits for the library for this op any more, unless the caller is too early.
    pub fn forget_wait(&self, op: &Head) -> Option<WhenReady> {
        self.waits().remove(place(op.number))
    }

    fn waits(&self) -> MutexGuard<'_, Growing<WhenReady>> {
        // As for a shard.
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a new queue into the table, and gives its handle.
    pub fn insert_queue(&self, queue: Arc<Queue>) -> Result<usize, Failure> {
        let number = new_number()?;
        let mut queues = self.queues.write().unwrap_or_else(PoisonError::into_inner);
        queues.insert(place(number), queue);
        Ok(number)
    }

    /// The queue with this handle.
    pub fn queue(&self, number: usize) -> Option<Arc<Queue>> {
        let queues = self.queues.read().unwrap_or_else(PoisonError::into_inner);
        queues.get(place(number)).cloned()
    }

    /// Takes a queue out.
    pub fn remove_queue(&self, number: usize) -> Option<Arc<Queue>> {
        let mut queues = self.queues.write().unwrap_or_else(PoisonError::into_inner);
        queues.remove(place(number))
    }

    /// The queues in the table at this time.
    pub fn queues(&self) -> Vec<Arc<Queue>> {
        let queues = self.queues.read().unwrap_or_else(PoisonError::into_inner);
        queues.values().cloned().collect()
    }

    /// From now on nobody waits.
    pub fn refuse(&self) {
        // SeqCst, as the look: those who wait look once more after they were woken, and at each interval.
        self.refused.store(true, Ordering::SeqCst);
    }

    /// Whether nobody may wait any more.
    pub fn is_refused(&self) -> bool {
        self.refused.load(Ordering::SeqCst)
    }
}

/// A handle that was never given before.
pub(super) fn new_number() -> Result<usize, Failure> {
    next_number().ok_or_else(crate::call::handle::used_up)
}
