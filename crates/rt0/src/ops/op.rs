//! An op: one call of an async export, from `_begin` to `_end`.
//!
//! Its future and its outcome lie in the same place. The one who has the turn (`Turn`) has the future; the one who
//! has claimed the completion and dropped the future stores the outcome; the one who has closed the handle, or was
//! told to dispose of the outcome, takes it out (`Completion`).

use std::any::{Any, TypeId};
use std::cell::UnsafeCell;
use std::future::Future;
use std::mem;
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::Poll;

use rt0_core::protocol::op::{Ask, Completion, Turn, Woken};
use rt0_core::{Status, sabotage};
use tokio::runtime::Handle;

use super::kind::Kind;
use super::queue::Queue;
use super::run::spawn;
use super::table::Ops;
use crate::failure::Failure;
use crate::of_process::OfProcess;
use crate::runtime::panic;
use crate::runtime::stop_signal::Stop;

/// The result of an op that ran to its end. The failure is boxed: it is larger than most results, and rare.
pub(super) type Outcome<T> = Result<T, Box<Failure>>;

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
    pub deadline: Option<std::num::NonZeroU64>,
    /// Where its tag goes.
    queue: Option<Arc<Queue>>,
    tag: u64,
    /// Tells those who await a `Cancel`. Its presence at the start says that the function takes one.
    signal: OnceLock<Box<Stop>>,
}

impl Head {
    pub fn signal(&self) -> &Stop {
        self.signal.get_or_init(|| Box::new(Stop::new()))
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

    /// What comes after the completion, by the one who has completed it.
    fn completed(&self, was_closed: bool) {
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

/// What lies in the one place.
enum Stage<T, F> {
    /// No future yet, or no future and no outcome any more.
    Nothing,
    /// The future, and the runtime that runs it.
    Open(Handle, F),
    Done(Outcome<T>),
}

/// An op whose export returns `T`, by the future `F`.
pub(super) struct OpOf<T, F> {
    head: Head,
    stage: UnsafeCell<Stage<T, F>>,
}

// SAFETY: only one thread at a time reaches the stage, as said above; so `T` and `F` need only be `Send`.
unsafe impl<T: Send, F: Send> Sync for OpOf<T, F> {}

impl<T, F> OpOf<T, F>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
{
    /// An open op without a future.
    pub fn new(
        kind: &'static Kind,
        number: usize,
        deadline: Option<std::num::NonZeroU64>,
        queue: Option<Arc<Queue>>,
        tag: u64,
    ) -> Arc<OpOf<T, F>> {
        Arc::new(OpOf {
            head: Head {
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
            },
            stage: UnsafeCell::new(Stage::Nothing),
        })
    }

    /// Gives the op its future. It is then to be run, by [`spawn`].
    ///
    /// # Safety
    /// Only the one who begins the op may call this, and only once.
    pub unsafe fn start(&self, generation: u32, handle: Handle, future: F) {
        if self.head.cancels.load(Ordering::Relaxed) > 0 {
            self.head.signal();
        }
        // Relaxed: see `generation`.
        self.head.generation.store(generation, Ordering::Relaxed);
        // SAFETY: nobody has the turn before `start`, so nobody else reaches the stage: an outcome with a value comes
        // only from the future, or from the caller.
        unsafe { self.stage.get().write(Stage::Open(handle, future)) };
        self.head.turn.start();
    }

    /// Completes an op that has no future with a failure.
    ///
    /// # Safety
    /// As for [`start`](OpOf::start), in its place.
    pub unsafe fn fail(&self, failure: Failure) {
        // SAFETY: passed on to our caller.
        unsafe { self.complete_with(Err(Box::new(failure))) };
    }

    /// Completes the op with the result of its future, if nobody else has completed it.
    ///
    /// # Safety
    /// The caller has dropped the future, or there is none and never will be.
    unsafe fn complete_with(&self, outcome: Outcome<T>) {
        let head = &self.head;
        if !head.completion.claim() {
            if head.is_lost() {
                mem::forget(outcome);
            } else {
                let _ = panic::caught(|| drop(outcome));
            }
            return;
        }
        // SAFETY: the claim and the absence of a future make us the only one who reaches the stage.
        let store = || unsafe { self.stage.get().write(Stage::Done(outcome)) };
        let was_closed = if sabotage::NO_OUTCOME_FIRST {
            let was_closed = head.completion.publish();
            std::thread::sleep(std::time::Duration::from_millis(20));
            store();
            was_closed
        } else {
            store();
            head.completion.publish()
        };
        if was_closed {
            (self as &dyn AnyOp).dispose_of_value();
        }
        head.completed(was_closed);
    }

    /// Drops the future in its place. A panic in its destructor concerns nobody.
    ///
    /// # Safety
    /// The caller has the turn, and calls `gone` afterwards.
    unsafe fn drop_future(&self) {
        if !self.head.is_lost() {
            // SAFETY: the caller has the turn. The future was pinned here, and is dropped here.
            let _ = panic::caught(|| unsafe { ptr::drop_in_place(self.stage.get()) });
        }
        // SAFETY: what was there is dropped, or must not be.
        unsafe { self.stage.get().write(Stage::Nothing) };
    }

    /// Drops the future, and completes the op with a status.
    ///
    /// # Safety
    /// The caller has the turn.
    unsafe fn end_with(&self, status: Status) {
        // SAFETY: passed on to our caller.
        unsafe { self.drop_future() };
        self.head.turn.gone();
        (self as &dyn AnyOp).complete(status);
    }

    /// The runtime of a future.
    ///
    /// # Safety
    /// The caller has the turn.
    unsafe fn handle(&self) -> Option<Handle> {
        // SAFETY: the caller has the turn, so nobody else reaches the stage.
        match unsafe { &*self.stage.get() } {
            Stage::Open(handle, _) => Some(handle.clone()),
            _ => None,
        }
    }
}

impl<T, F> Drop for OpOf<T, F> {
    fn drop(&mut self) {
        if !self.head.turn.has_none() {
            // The op's runtime is lost, or it ended while something of the author's held the op's waker. The future
            // is left as it is.
            mem::forget(mem::replace(self.stage.get_mut(), Stage::Nothing));
        }
    }
}

impl<T, F> AnyOp for OpOf<T, F>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
{
    fn head(&self) -> &Head {
        &self.head
    }

    fn run(self: Arc<Self>) -> Option<Arc<dyn AnyOp>> {
        super::run::run(self)
    }

    fn dropped(&self) {
        if self.head.turn.begin() {
            let status = self.head.must_end().unwrap_or(Status::Stopped);
            // SAFETY: `begin` gave us the turn.
            unsafe { self.end_with(status) };
        }
    }

    fn stop(self: Arc<Self>) {
        if self.head.turn.steal() {
            let status = self.head.must_end().unwrap_or(Status::Stopped);
            // SAFETY: `steal` gave us the turn.
            unsafe { self.end_with(status) };
        } else {
            let op: Arc<dyn AnyOp> = self;
            if op.clone().wake() == Woken::NoFuture {
                op.complete(Status::Stopped);
            }
        }
    }

    fn wake(self: Arc<Self>) -> Woken {
        let woken = self.head.turn.wake();
        if woken == Woken::Yours {
            // SAFETY: we have the turn.
            if let Some(handle) = unsafe { self.handle() } {
                spawn(&handle, self);
            }
        }
        woken
    }

    unsafe fn take_out(&self, of: TypeId, out: *mut ()) -> bool {
        if of != TypeId::of::<T>() {
            return false;
        }
        // SAFETY: the caller has closed the handle, so nobody else reaches the stage.
        let stage = unsafe { mem::replace(&mut *self.stage.get(), Stage::Nothing) };
        if let Stage::Done(outcome) = stage {
            // SAFETY: the caller says that `out` is this, as the id is that of `T`.
            unsafe { *out.cast::<Option<Outcome<T>>>() = Some(outcome) };
        }
        true
    }

    unsafe fn dispose(&self) {
        // SAFETY: the caller was told to dispose of the outcome, so nobody else reaches the stage.
        let stage = unsafe { mem::replace(&mut *self.stage.get(), Stage::Nothing) };
        if self.head.is_lost() {
            mem::forget(stage);
        } else {
            let _ = panic::caught(|| drop(stage));
        }
    }
}

/// Gives `run` what it needs of the types.
pub(super) trait Runs: AnyOp {
    type Value: Send + 'static;

    /// Polls the future once.
    ///
    /// # Safety
    /// The caller has the turn.
    unsafe fn poll(
        &self,
        context: &mut std::task::Context<'_>,
    ) -> Poll<Result<Self::Value, Failure>>;

    /// Drops the future, and completes the op.
    ///
    /// # Safety
    /// The caller has the turn.
    unsafe fn finish(&self, how: Result<Outcome<Self::Value>, Status>);
}

impl<T, F> Runs for OpOf<T, F>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
{
    type Value = T;

    unsafe fn poll(&self, context: &mut std::task::Context<'_>) -> Poll<Result<T, Failure>> {
        // SAFETY: the caller has the turn, so nobody else reaches the stage. The op lies in an `Arc` and the future is
        // dropped in its place: it is pinned.
        unsafe {
            match &mut *self.stage.get() {
                Stage::Open(_, future) => std::pin::Pin::new_unchecked(future).poll(context),
                _ => unreachable!("whoever has the turn has a future"),
            }
        }
    }

    unsafe fn finish(&self, how: Result<Outcome<T>, Status>) {
        match how {
            // SAFETY: the caller has the turn.
            Err(status) => unsafe { self.end_with(status) },
            // SAFETY: the caller has the turn; the future is dropped before the outcome takes its place.
            Ok(outcome) => unsafe {
                self.drop_future();
                self.head.turn.gone();
                self.complete_with(outcome);
            },
        }
    }
}

/// A value of an outcome in its type.
///
/// # Safety
/// As for [`AnyOp::take_out`].
pub(super) unsafe fn take_out<T: Any + Send>(op: &dyn AnyOp) -> Option<Outcome<T>> {
    let mut out: Option<Outcome<T>> = None;
    // SAFETY: passed on to our caller; `out` is of the type that the id names.
    unsafe { op.take_out(TypeId::of::<T>(), (&raw mut out).cast()) };
    out
}
