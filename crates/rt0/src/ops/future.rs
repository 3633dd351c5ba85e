//! The future and the outcome of an op, in one place.
//!
//! The one who has the turn (`Turn`) has the future; the one who has claimed the completion and dropped the future
//! stores the outcome; the one who has closed the handle, or was told to dispose of the outcome, takes it out
//! (`Completion`).

use std::any::{Any, TypeId};
use std::cell::UnsafeCell;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Wake, Waker};

use rt0_core::generation::page;
use rt0_core::protocol::op::Woken;
use rt0_core::{Status, sabotage};
use tokio::runtime::Handle;

use super::op::{AnyOp, Head};
use super::run::spawn;
use crate::call::answer;
use crate::failure::Failure;
use crate::runtime::panic;

/// The result of an op that ran to its end. The failure is boxed: it is larger than most results, and rare.
type Outcome<T> = Result<T, Box<Failure>>;

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
    pub fn new(head: Head) -> Arc<OpOf<T, F>> {
        Arc::new(OpOf {
            head,
            stage: UnsafeCell::new(Stage::Nothing),
        })
    }

    /// Gives the op its future. It is then to be run, by [`spawn`].
    ///
    /// # Safety
    /// Only the one who begins the op may call this, and only once.
    pub unsafe fn start(&self, generation: u32, handle: Handle, future: F) {
        self.head.start(generation);
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
        let publish = || head.done_by(|| Some(head.completion.publish()));
        let published = if sabotage::NO_OUTCOME_FIRST {
            let published = publish();
            std::thread::sleep(std::time::Duration::from_millis(20));
            store();
            published
        } else {
            store();
            publish()
        };
        let Some(published) = published else { return };
        if published.was_closed() {
            let op: &dyn AnyOp = self;
            // SAFETY: the handle was closed before, so the value is ours to dispose of.
            unsafe { op.dispose_of_value() };
        }
        head.completed(published);
    }

    /// Drops the future in its place. A panic in its destructor concerns nobody.
    ///
    /// # Safety
    /// The caller has the turn, and calls `gone` afterwards.
    unsafe fn drop_future(&self) {
        if self.head.is_lost() {
            // Nor is the op: see `leave`.
            return;
        }
        // SAFETY: the caller has the turn. The future was pinned here, and is dropped here.
        let _ = panic::caught(|| unsafe { ptr::drop_in_place(self.stage.get()) });
        // SAFETY: what was there is dropped.
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

    /// Polls the future once.
    ///
    /// # Safety
    /// The caller has the turn.
    unsafe fn poll(&self, context: &mut Context<'_>) -> Poll<Result<T, Failure>> {
        // SAFETY: the caller has the turn, so nobody else reaches the stage. The op lies in an `Arc` and the future is
        // dropped in its place: it is pinned.
        unsafe {
            match &mut *self.stage.get() {
                Stage::Open(_, future) => Pin::new_unchecked(future).poll(context),
                _ => unreachable!("whoever has the turn has a future"),
            }
        }
    }

    /// Drops the future, and completes the op with its result.
    ///
    /// # Safety
    /// The caller has the turn.
    unsafe fn finish(&self, outcome: Outcome<T>) {
        // SAFETY: the caller has the turn; the future is dropped before the outcome takes its place.
        unsafe {
            self.drop_future();
            self.head.turn.gone();
            self.complete_with(outcome);
        }
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
            // Its runtime ended while something of the author's held the op's waker. The future is left as it is.
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
        run(self)
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
                if sabotage::NO_LAST_WAKE && self.head.must_end().is_none() {
                    std::thread::sleep(std::time::Duration::from_millis(200));
                }
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

/// Runs the future of an op once, on the thread to which the turn was passed.
fn run<T, F>(op: Arc<OpOf<T, F>>) -> Option<Arc<dyn AnyOp>>
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
        unsafe { op.end_with(status) };
        return None;
    }
    let process = process();
    let waker = Waker::from(op.clone());
    let mut context = Context::from_waker(&waker);
    // SAFETY: `begin` gave us the turn.
    let polled = panic::caught_call(|| unsafe { op.poll(&mut context) });
    if self::process() != process {
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
    unsafe { op.finish(result.map_err(Box::new)) };
    None
}

/// Tells this process from a fork's child: where its ops are, which is nowhere in a child until it begins its own. One
/// load, where the process's number would be a system call for each run.
fn process() -> usize {
    // Relaxed: only compared with what the same thread has seen before.
    page().ops.load(Ordering::Relaxed).addr()
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
