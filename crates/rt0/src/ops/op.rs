//! An op: one call of an async export, from `_begin` to `_end`. What it is apart from its types.

use std::any::TypeId;
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use rt0_core::protocol::op::{Ask, Completion, Turn, Woken};
use rt0_core::{Status, sabotage};

use super::kind::Kind;
use super::queue::Queue;
use crate::runtime::stop_signal::Stop;

/// What an op is apart from its future and its result.
pub(super) struct Head {
    pub completion: Completion,
    pub turn: Turn,
    /// The generation that runs it; 0 while it waits for the boot.
    generation: AtomicU32,
    /// How many [`Cancel`](super::Cancel)s there are.
    pub cancels: AtomicU32,
    pub kind: &'static Kind,
    /// The handle.
    pub number: usize,
    /// When its time is over, in nanoseconds of the monotonic clock.
    pub deadline: Option<NonZeroU64>,
    /// Where its tag goes.
    pub queue: Option<Arc<Queue>>,
    pub tag: u64,
    /// Tells those who await a `Cancel`. Its presence at the start says that the function takes one.
    signal: OnceLock<Box<Stop>>,
}

impl Head {
    pub fn new(
        kind: &'static Kind,
        number: usize,
        deadline: Option<NonZeroU64>,
        queue: Option<Arc<Queue>>,
        tag: u64,
    ) -> Head {
        Head {
            completion: Completion::new(),
            turn: Turn::new(),
            generation: AtomicU32::new(0),
            cancels: AtomicU32::new(0),
            kind,
            number,
            deadline,
            queue,
            tag,
            signal: OnceLock::new(),
        }
    }

    /// Notes the generation that runs it, and whether its function takes a `Cancel`: whether its future holds one now.
    pub fn start(&self, generation: u32) {
        // Relaxed, twice: see the fields.
        if self.cancels.load(Ordering::Relaxed) > 0 {
            self.signal();
            self.completion.is_to_be_told();
        }
        self.generation.store(generation, Ordering::Relaxed);
    }

    pub fn signal(&self) -> &Stop {
        self.signal.get_or_init(|| Box::new(Stop::new()))
    }

    /// Tells those who await a `Cancel`.
    pub fn tell(&self) {
        if let Some(signal) = self.signal.get() {
            signal.set();
        }
    }

    /// Whether the function takes a `Cancel`: it is told, and not dropped.
    pub fn is_told(&self) -> bool {
        self.signal.get().is_some() && !sabotage::NO_TOLD_CANCEL
    }

    pub fn generation(&self) -> u32 {
        // Relaxed: it is set before the turn passes on, or the handle is given.
        self.generation.load(Ordering::Relaxed)
    }

    /// Why the future must be dropped, if it must.
    pub fn must_end(&self) -> Option<Status> {
        let look = self.completion.look();
        if look.is_done() {
            // Another has completed it.
            return look.status().or(Some(Status::Stopped));
        }
        let asked = |ask| look.is_asked(ask);
        let cancelled = asked(Ask::Cancel) && !self.is_told();
        let ask = match () {
            () if cancelled => Ask::Cancel,
            () if asked(Ask::Expire) => Ask::Expire,
            () if asked(Ask::Stop) => Ask::Stop,
            () => return None,
        };
        Some(ask.status())
    }

    /// Whether the op's runtime is lost: then nothing of it is dropped.
    pub fn is_lost(&self) -> bool {
        self.completion.look().status() == Some(Status::RuntimeLost)
    }
}

/// An op whose types are not known.
pub(super) trait AnyOp: Send + Sync {
    fn head(&self) -> &Head;

    /// The turn has come: runs the future once. Gives the op back if it must be run again.
    fn run(self: Arc<Self>) -> Option<Arc<dyn AnyOp>>;

    /// Will never be run, although its turn had come: drops the future.
    fn dropped(&self);

    /// Drops the future if nobody runs it now, or has it dropped by the one who does.
    fn stop(self: Arc<Self>);

    /// Has the future run, if there is one.
    fn wake(self: Arc<Self>) -> Woken;

    /// Takes the value of the outcome out, into an `Option<Outcome<T>>` whose `T` has this id. False: of another
    /// type.
    ///
    /// # Safety
    /// The caller has closed the handle of an op that is done with a value; `out` is as said.
    unsafe fn take_out(&self, of: TypeId, out: *mut ()) -> bool;

    /// Drops the value of the outcome.
    ///
    /// # Safety
    /// The caller was told to dispose of it by `Completion`.
    unsafe fn dispose(&self);
}
