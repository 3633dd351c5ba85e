//! `_begin`: checks, makes the op, and has its future run.

use std::future::Future;
use std::num::NonZeroU64;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, Ordering, fence};
use std::sync::{Arc, Mutex, PoisonError};

use rt0_core::generation::page;
use rt0_core::platform::kernel;
use rt0_core::{Status, sabotage, this_library};

use super::cancel::Cancel;
use super::clock::{NoClock, Wanted};
use super::complete::expire;
use super::future::OpOf;
use super::kind::Kind;
use super::op::{AnyOp, Head};
use super::queue::{NotReserved, Queue as QueueOf, Reserved};
use super::run::spawn;
use super::table::{Ops, new_number};
use super::{Op, Queue};
use crate::call::Call;
use crate::call::look::look;
use crate::call::when_ready::when_ready;
use crate::call::{answer, shared_ready::SharedReady};
use crate::error::{Error, refusal};
use crate::failure::{Failure, forked};
use crate::in_flight::Inside;
use crate::of_process::OfProcess;
use crate::platform::uncancelled::Uncancelled;
use crate::runtime::{as_own_thread, panic};

/// An op that is about to begin.
pub struct Begin {
    kind: &'static Kind,
    /// When its time is over.
    deadline: Option<NonZeroU64>,
    queue: Option<Reserved>,
    /// If it has a deadline.
    wanted: Option<Wanted>,
    tag: u64,
    place: *mut *mut Op,
    /// If the gate is open. Before `inside`, because it must be dropped first.
    call: Option<Call>,
    inside: Option<Inside>,
}

impl Begin {
    /// Looks at the fork, the pointers, the time, the queue and its limit, and the gate.
    ///
    /// # Safety
    /// `op` is null or a place for a pointer.
    pub unsafe fn check(
        kind: &'static Kind,
        timeout_ms: i32,
        queue: *mut Queue,
        tag: u64,
        op: *mut *mut Op,
    ) -> Result<Begin, Failure> {
        let library = this_library().map_err(|status| refusal(None, status))?;
        if !rt0_core::is_ready() {
            // Before anything is allocated.
            forked::check(library)?;
        }
        let fail = |status, text| Err(kind.failure("begin", status, text));
        if op.is_null() || !op.is_aligned() {
            return fail(
                Status::InvalidArgument,
                "op is null or misaligned; pass a place for a pointer",
            );
        }
        // SAFETY: our caller says that it is a place for a pointer.
        unsafe { op.write(null_mut()) };
        let timeout_ms = match u32::try_from(timeout_ms) {
            Ok(ms) => Some(ms),
            Err(_) if timeout_ms == -1 => kind.timeout_ms(),
            Err(_) => {
                return fail(
                    Status::InvalidArgument,
                    "timeout_ms is not valid: pass a time in milliseconds, or -1 for the operation's own",
                );
            }
        };
        let queue = match queue.is_null() {
            true => None,
            false => Some(reserve(kind, queue)?),
        };
        let deadline = timeout_ms.and_then(deadline);
        // Before a handle is taken, which the host could not get back.
        let wanted = deadline.map(|_| Ops::here().clock.want(expire));
        let wanted = wanted.transpose().map_err(|NoClock| no_clock(kind))?;
        // SAFETY: the call uses the generation, and says so.
        let (call, inside) = match unsafe { Call::hot(true) } {
            Some(call) => (Some(call), None),
            None => match look(library).map_err(|error| refused(kind, error))? {
                Some(inside) => (Some(Call::inside(inside.again())), Some(inside)),
                None => (None, None),
            },
        };
        Ok(Begin {
            kind,
            deadline,
            queue,
            wanted,
            tag,
            place: op,
            call,
            inside,
        })
    }

    /// The call, for the arguments that are handles.
    ///
    /// # Errors
    /// The library is not ready yet, so there can be no open handle.
    pub fn call(&self, name: &'static str) -> Result<&Call, Failure> {
        self.call.as_ref().ok_or_else(|| {
            let text = "is not an open handle: the library has not started yet, and a handle from before its last start \
                is closed";
            Failure::new(name, Status::InvalidHandle, text)
        })
    }

    /// Begins the op. `make` makes the future, once, in the runtime's context: now, or when the library is ready.
    ///
    /// # Errors
    /// There is no thread for the op's deadline, or waiting for the library would be of no use. Nothing has begun.
    ///
    /// # Panics
    /// If `make` does, and nothing has begun.
    pub fn start<T, F, M>(self, make: M) -> Result<(), Failure>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Failure>> + Send + 'static,
        M: FnOnce(&Call, Cancel) -> F + Send + 'static,
    {
        let _uncancelled = Uncancelled::for_rt0();
        let number = new_number()?;
        let Begin {
            kind,
            deadline,
            queue,
            wanted,
            tag,
            place,
            call,
            inside,
        } = self;
        let kept = queue.as_ref().and_then(Reserved::queue);
        let op = OpOf::<T, F>::new(Head::new(kind, number, deadline, kept, tag));
        let begun = Begun { place, queue };
        let result = match call {
            Some(call) => begun.now(&op, &call, make),
            None => begun.later(op, make),
        };
        drop(wanted);
        drop(inside);
        result
    }
}

/// What is known to the host of an op that begins.
struct Begun {
    place: *mut *mut Op,
    queue: Option<Reserved>,
}

impl Begun {
    /// The library is ready: the future is made and run.
    fn now<T, F, M>(self, op: &Arc<OpOf<T, F>>, call: &Call, make: M) -> Result<(), Failure>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Failure>> + Send + 'static,
        M: FnOnce(&Call, Cancel) -> F,
    {
        let future = future(op, call, make);
        let place = self.place;
        if sabotage::NO_LATE_LOSS {
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        // What it holds is held until it is dropped: nobody may complete the op before that.
        if !sabotage::NO_FUTURE_ANNOUNCED {
            op.head().turn.announce();
        }
        if !sabotage::NO_OP_FIRST {
            self.give(op.clone())?;
        } else {
            Ops::here().insert(op.clone());
        }
        if sabotage::NO_FUTURE_ANNOUNCED {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        start(op, call, future);
        if sabotage::NO_OP_FIRST {
            std::thread::sleep(std::time::Duration::from_millis(20));
            // SAFETY: `check`'s caller says that it is a place for a pointer.
            unsafe { place.write(op.head().number as *mut Op) };
        }
        Ok(())
    }

    /// The library is not ready: the op waits for it in the list of all who wait without a thread.
    fn later<T, F, M>(self, op: Arc<OpOf<T, F>>, make: M) -> Result<(), Failure>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Failure>> + Send + 'static,
        M: FnOnce(&Call, Cancel) -> F + Send + 'static,
    {
        let place = self.place;
        self.give(op.clone())?;
        let now = Arc::new(Now {
            thread: kernel::thread_id(),
            over: AtomicBool::new(false),
            refused: Mutex::new(None),
        });
        let seen = now.clone();
        let waiting = op.clone();
        let wait = when_ready(move |here| {
            match here {
                // It must not complete inside `_begin`.
                Err(error) if seen.is_now() => return seen.refuse(error),
                Err(error) => fail(&waiting, error.into()),
                Ok(here) => run(&waiting, &here, make),
            }
            if let Some(ops) = Ops::present() {
                ops.forget_wait(waiting.head());
            }
        });
        Ops::here().note_wait(op.head(), wait);
        match now.end() {
            // It has not begun: no tag comes, and its place in the queue is free.
            Some(error) if withdraw(&*op, place) => {
                op.head().give_place_back();
                Ops::here().forget_wait(op.head());
                Err(refused(op.head().kind, error))
            }
            _ => Ok(()),
        }
    }

    /// Gives the op's handle to the host, before its completion can be seen.
    fn give<T, F>(self, op: Arc<OpOf<T, F>>) -> Result<(), Failure>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Failure>> + Send + 'static,
    {
        let Begun { place, queue } = self;
        let head = op.head();
        let ops = Ops::here();
        ops.insert(op.clone());
        // SAFETY: `check`'s caller says that it is a place for a pointer.
        unsafe { place.write(head.number as *mut Op) };
        let has_clock = ops.clock.add(head, expire).is_ok();
        if head.deadline.is_some() {
            // Where there is no thread for it, those who drive the runtime look at the clock.
            ops.drivers.wake();
        }
        // Looked at when the op is in the table: a shutdown closes the queues before it looks into the table.
        let is_closed = || queue.as_ref().is_some_and(Reserved::is_closed);
        if (!has_clock || is_closed()) && withdraw(&*op, place) {
            return Err(match has_clock {
                true => ended(head.kind),
                false => no_clock(head.kind),
            });
        }
        if let Some(queue) = queue {
            queue.keep();
        }
        Ok(())
    }
}

/// Takes an op back that must not begin. False: another has completed it, so it has begun, and its tag comes.
fn withdraw(op: &dyn AnyOp, place: *mut *mut Op) -> bool {
    let head = op.head();
    if head.completion.complete(Status::Stopped).is_none() {
        return false;
    }
    if let Some(ops) = Ops::present() {
        ops.clock.remove(head);
        ops.remove(head.number);
    }
    // SAFETY: `check`'s caller says that it is a place for a pointer.
    unsafe { place.write(null_mut()) };
    true
}

#[cold]
fn no_clock(kind: &Kind) -> Failure {
    let text = "there is no thread for the operation's deadline; raise the process's limit and call again, or begin it \
        without a deadline";
    kind.failure("begin", Status::NoThread, text)
}

/// The gate has refused it.
#[cold]
fn refused(kind: &Kind, error: Error) -> Failure {
    match error.status() {
        Status::Stopped if page().end_has_begun() => over(kind),
        _ => error.into(),
    }
}

#[cold]
fn over(kind: &Kind) -> Failure {
    let text =
        "the library has ended for good, or the process is exiting: nothing can begin any more";
    kind.failure("begin", Status::Stopped, text)
}

#[cold]
fn ended(kind: &Kind) -> Failure {
    if page().end_has_begun() {
        return over(kind);
    }
    let text = "the queue ended when the library was shut down; free it and make another";
    kind.failure("begin", Status::Stopped, text)
}

/// Completes an op that waited for the boot with a failure.
fn fail<T, F>(op: &Arc<OpOf<T, F>>, failure: Failure)
where
    T: Send + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
{
    // SAFETY: we begin it, and do this once, in place of `start`.
    unsafe { op.fail(failure) };
}

/// Runs an op that waited for the boot.
fn run<T, F, M>(op: &Arc<OpOf<T, F>>, here: &SharedReady, make: M)
where
    T: Send + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
    M: FnOnce(&Call, Cancel) -> F,
{
    if !op.head().completion.look().is_open() {
        // It was cancelled, its time is over, or it was stopped.
        return;
    }
    let symbol = op.head().kind.symbol();
    // Nothing of the guard's is used; but it holds a shutdown off until the call has announced itself, and longer.
    let _held = here;
    let Some(inside) = Inside::enter(|| true) else {
        let status = Status::Stopped;
        return fail(op, op.head().kind.outcome(status));
    };
    let call = Call::inside(inside.again());
    match panic::caught_call(|| future(op, &call, make)) {
        Ok(future) => start(op, &call, future),
        Err(payload) => fail(op, answer::panicked(symbol, payload)),
    }
}

/// Makes the op's future, in the runtime's context.
fn future<T, F, M>(op: &Arc<OpOf<T, F>>, call: &Call, make: M) -> F
where
    T: Send + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
    M: FnOnce(&Call, Cancel) -> F,
{
    let _context = call.generation().runtime.enter();
    make(call, Cancel::of(op.clone()))
}

/// Has the op's future run, by the one who begins the op, once.
fn start<T, F>(op: &Arc<OpOf<T, F>>, call: &Call, future: F)
where
    T: Send + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
{
    let runtime = &call.generation().runtime;
    let handle = runtime.tokio().handle().clone();
    // SAFETY: we begin it, and do this once.
    unsafe { op.start(page().number(), handle.clone(), future) };
    if op.head().must_end().is_some() && !sabotage::NO_FUTURE_ANNOUNCED {
        // Asked before there was a future. Now what the future holds is free when `_begin` returns.
        let _context = runtime.enter();
        as_own_thread(|| op.dropped());
    } else {
        spawn(&handle, op.clone());
    }
    // Who has noticed the loss before the op was in the table, or was of a generation, has passed it by; but he has marked
    // the runtime before that. Pairs with the one in `lose`: either he sees the generation, or we see the mark.
    fence(Ordering::SeqCst);
    if runtime.watch().is_marked_lost() && !sabotage::NO_LATE_LOSS {
        let op: Arc<dyn AnyOp> = op.clone();
        op.lose_late();
    }
}

/// Whether `_begin` is still at it, on this thread: then an error is its own.
struct Now {
    thread: u32,
    over: AtomicBool,
    refused: Mutex<Option<Error>>,
}

impl Now {
    fn is_now(&self) -> bool {
        // Relaxed: on another thread it does not matter.
        self.thread == kernel::thread_id() && !self.over.load(Ordering::Relaxed)
    }

    fn refuse(&self, error: Error) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    fn end(&self) -> Option<Error> {
        self.over.store(true, Ordering::Relaxed);
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.take()
    }
}

fn reserve(kind: &Kind, queue: *mut Queue) -> Result<Reserved, Failure> {
    let fail = |status, text| Err(kind.failure("begin", status, text));
    let Some(found) = Ops::present().and_then(|ops| ops.queue(queue as usize)) else {
        return fail(
            Status::InvalidHandle,
            "queue is not an open queue of this library: it was freed, or is a fork's parent's",
        );
    };
    match QueueOf::reserve(found) {
        Ok(reserved) => Ok(reserved),
        Err(NotReserved::Full) => fail(
            Status::Busy,
            "the queue is at its limit; take tags from it, then begin again",
        ),
        Err(NotReserved::Ended) => Err(ended(kind)),
    }
}

/// The end of this time from now on.
fn deadline(ms: u32) -> Option<NonZeroU64> {
    NonZeroU64::new(kernel::monotonic().saturating_add(u64::from(ms) * 1_000_000))
}
