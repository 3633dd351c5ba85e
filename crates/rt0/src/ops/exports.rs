//! The calls for ops and queues, each named like the C function without its prefix. `symbol` is the whole name.

use std::ffi::{c_char, c_void};
use std::mem::MaybeUninit;
use std::ptr::null_mut;
use std::sync::Arc;

use rt0_core::library::settings;
use rt0_core::protocol::op::{Ask, Closed};
use rt0_core::sync::Deadline;
use rt0_core::{Status, sabotage, this_library};

use super::callback::Callback;
pub use super::callback::Done;
use super::calling::begin;
use super::op::AnyOp;
use super::queue::{End, Found, Queue as QueueOf};
use super::table::Ops;
use super::wait::{self, NotFound};
use super::{Op, Queue};
use crate::call::answer::run;
use crate::error::refusal;
use crate::failure::{Failure, forked};
use crate::generation::Generation;
use crate::in_flight::Inside;
use crate::of_process::OfProcess;
use crate::platform::locals;
use crate::platform::uncancelled::Uncancelled;

/// `NAME_op_wait(op, timeout_ms)`
///
/// # Safety
/// The host keeps to the C header.
pub unsafe fn op_wait(symbol: &'static str, op: *mut Op, timeout_ms: i32) -> i32 {
    answer(symbol, null_mut(), &mut || {
        let deadline = wait::deadline(symbol, timeout_ms)?;
        let (ops, op) = find(symbol, op)?;
        wait::check_thread(symbol, deadline)?;
        let completion = &op.head().completion;
        let mut look = || completion.look().is_done().then_some(());
        let mut sleep = |time| {
            completion.wait(rt0_core::sync::clock::after(time));
        };
        wait::until(ops, deadline, &mut look, &mut sleep).map_err(|why| not_found(symbol, &why))
    })
}

/// `NAME_op_cancel(op)`
///
/// # Safety
/// The host keeps to the C header.
pub unsafe fn op_cancel(symbol: &'static str, op: *mut Op) -> i32 {
    answer(symbol, null_mut(), &mut || {
        let (_, op) = find(symbol, op)?;
        cancel(&op);
        Ok(())
    })
}

/// `NAME_op_free(op)`
///
/// # Safety
/// The host keeps to the C header.
pub unsafe fn op_free(symbol: &'static str, op: *mut Op) -> i32 {
    if op.is_null() {
        return 0;
    }
    answer(symbol, null_mut(), &mut || {
        let number = op as usize;
        let (ops, op) = find(symbol, op)?;
        match op.head().completion.close() {
            Closed::Before => return Err(unknown_op(symbol)),
            Closed::Open => cancel(&op),
            Closed::Done(has_value) => {
                ops.remove(number);
                if has_value {
                    // SAFETY: we have closed the handle of an op that is done with a value.
                    in_context(|| unsafe { op.dispose_of_value() });
                }
            }
        }
        Ok(())
    })
}

/// `NAME_queue_new(limit, queue, err)`
///
/// # Safety
/// The host keeps to the C header.
pub unsafe fn queue_new(
    symbol: &'static str,
    limit: u32,
    queue: *mut *mut Queue,
    err: *mut *mut c_char,
) -> i32 {
    answer(symbol, err, &mut || {
        // SAFETY: passed on to our caller.
        unsafe { make_queue(symbol, limit, queue, || Ok(None)) }
    })
}

/// `NAME_queue_call(limit, done, user, queue, err)`
///
/// # Safety
/// The host keeps to the C header.
pub unsafe fn queue_call(
    symbol: &'static str,
    limit: u32,
    done: Option<Done>,
    user: *mut c_void,
    queue: *mut *mut Queue,
    err: *mut *mut c_char,
) -> i32 {
    answer(symbol, err, &mut || {
        let callback = || {
            let Some(done) = done else {
                let text = "got no function to call; pass one";
                return Err(Failure::new(symbol, Status::InvalidArgument, text));
            };
            if this_library().is_ok_and(settings::is_quiet) {
                let text = "needs a thread, and the start policy `quiet` makes none; take the tags, or set \
                    RT0_START=lazy in the environment";
                return Err(Failure::new(symbol, Status::NoThread, text));
            }
            Ok(Some(Callback::new(done, user)))
        };
        // SAFETY: passed on to our caller.
        unsafe { make_queue(symbol, limit, queue, callback) }
    })
}

/// `NAME_queue_free(queue)`
///
/// # Safety
/// The host keeps to the C header.
pub unsafe fn queue_free(symbol: &'static str, queue: *mut Queue) -> i32 {
    if queue.is_null() {
        return 0;
    }
    answer(symbol, null_mut(), &mut || {
        let removed = Ops::present().and_then(|ops| Some((ops, ops.remove_queue(queue as usize)?)));
        let (ops, queue) = removed.ok_or_else(|| unknown_queue(symbol))?;
        queue.finish(End::Freed);
        ops.drivers.wake();
        if let Some(callback) = &queue.callback {
            let _ = callback.wait_ended(Deadline::Never);
        }
        Ok(())
    })
}

/// `NAME_queue_take(queue, tags, room, count, timeout_ms)`
///
/// # Safety
/// The host keeps to the C header.
pub unsafe fn queue_take(
    symbol: &'static str,
    queue: *mut Queue,
    tags: *mut u64,
    room: usize,
    count: *mut usize,
    timeout_ms: i32,
) -> i32 {
    answer(symbol, null_mut(), &mut || {
        if count.is_null() || !count.is_aligned() {
            let text = "got no place for the number of tags: count is null or misaligned";
            return Err(Failure::new(symbol, Status::InvalidArgument, text));
        }
        // SAFETY: the host says that it is a place for a number.
        unsafe { count.write(0) };
        let most = isize::MAX as usize / size_of::<u64>();
        if tags.is_null() || !tags.is_aligned() || room == 0 || room > most {
            let text = "got no room for tags: tags is null or misaligned, or room is 0 or more than there can be";
            return Err(Failure::new(symbol, Status::InvalidArgument, text));
        }
        let deadline = wait::deadline(symbol, timeout_ms)?;
        let found = Ops::present().and_then(|ops| Some((ops, ops.queue(queue as usize)?)));
        let (ops, queue) = found.ok_or_else(|| unknown_queue(symbol))?;
        if queue.callback.is_some() {
            let text = "can't take from a queue that calls back";
            return Err(Failure::new(symbol, Status::InvalidArgument, text));
        }
        wait::check_thread(symbol, deadline)?;
        // SAFETY: the host says that there is room for so many.
        let room = unsafe { std::slice::from_raw_parts_mut(tags.cast::<MaybeUninit<u64>>(), room) };
        let mut look = || match queue.take(room) {
            Found::Nothing => None,
            found => Some(found),
        };
        let mut sleep = |time| queue.sleep(time);
        match wait::until(ops, deadline, &mut look, &mut sleep) {
            Ok(Found::Tags(taken)) => {
                // SAFETY: as above.
                unsafe { count.write(taken) };
                Ok(())
            }
            Ok(Found::Ended(End::Freed)) => {
                let text = "waited for a queue that was freed meanwhile";
                Err(Failure::new(symbol, Status::Stopped, text))
            }
            Ok(Found::Ended(End::ShutDown)) => {
                let text =
                    "found no more tags: the queue ended when the library was shut down; free it";
                Err(Failure::new(symbol, Status::Stopped, text))
            }
            Ok(Found::Nothing) => unreachable!("the look gives no such thing"),
            Err(why) => Err(not_found(symbol, &why)),
        }
    })
}

/// `NAME_queue_fd(queue, fd, err)`
///
/// # Safety
/// The host keeps to the C header.
pub unsafe fn queue_fd(
    symbol: &'static str,
    queue: *mut Queue,
    fd: *mut isize,
    err: *mut *mut c_char,
) -> i32 {
    answer(symbol, err, &mut || {
        if fd.is_null() || !fd.is_aligned() {
            let text = "got no place for the descriptor: fd is null or misaligned";
            return Err(Failure::new(symbol, Status::InvalidArgument, text));
        }
        // SAFETY: the host says that it is a place for a descriptor.
        unsafe { fd.write(-1) };
        let found = Ops::present().and_then(|ops| ops.queue(queue as usize));
        let queue = found.ok_or_else(|| unknown_queue(symbol))?;
        if queue.callback.is_some() {
            let text = "has no descriptor to give: the queue calls back";
            return Err(Failure::new(symbol, Status::InvalidArgument, text));
        }
        if this_library().is_ok_and(settings::is_quiet) && !sabotage::NO_QUIET_BELL {
            let text = "has no descriptor to give: the start policy `quiet` makes no threads, so nothing would go on while \
                you watch it; wait for the tags, or set RT0_START=lazy in the environment";
            return Err(Failure::new(symbol, Status::NoThread, text));
        }
        let copy = match queue.bell(super::bell::Bell::new) {
            Ok(Some(bell)) => bell.duplicate(),
            Ok(None) => return Err(unknown_queue(symbol)),
            Err(none) => Err(none),
        };
        let copy = copy.map_err(|none| {
            Failure::with_text(none.status.code(), format!("{symbol}: {}", none.text))
        })?;
        // SAFETY: as above.
        unsafe { fd.write(copy) };
        Ok(())
    })
}

/// The body of each of these calls.
#[inline(never)]
fn answer(
    symbol: &'static str,
    err: *mut *mut c_char,
    body: &mut dyn FnMut() -> Result<(), Failure>,
) -> i32 {
    // What is woken here may call `write`, which is a cancellation point.
    let _uncancelled = Uncancelled::for_rt0();
    // SAFETY: the host says that `err` is null or a place for a pointer.
    unsafe {
        run(symbol, err, || {
            let library = this_library().map_err(|status| refusal(None, status))?;
            if !rt0_core::is_ready() {
                // Before anything is allocated.
                forked::check(library)?;
                locals::check_unforked(library)?;
            }
            body()
        })
    }
}

unsafe fn make_queue(
    symbol: &'static str,
    limit: u32,
    place: *mut *mut Queue,
    callback: impl FnOnce() -> Result<Option<Callback>, Failure>,
) -> Result<(), Failure> {
    if place.is_null() || !place.is_aligned() {
        let text = "got no place for the queue: queue is null or misaligned";
        return Err(Failure::new(symbol, Status::InvalidArgument, text));
    }
    // SAFETY: the host says that it is a place for a pointer.
    unsafe { place.write(null_mut()) };
    if limit == 0 {
        let text = "got a limit of 0: pass how many operations may be open, or done with their tag not taken, at once";
        return Err(Failure::new(symbol, Status::InvalidArgument, text));
    }
    let callback = callback()?;
    let calls_back = callback.is_some();
    let queue = Arc::new(QueueOf::new(limit, callback));
    let ops = Ops::here();
    let number = ops.insert_queue(queue.clone())?;
    if calls_back && !begin(&queue) {
        ops.remove_queue(number);
        let text = "got no thread from the operating system; raise the process's limit and call again, or take the tags";
        return Err(Failure::new(symbol, Status::NoThread, text));
    }
    // SAFETY: as above.
    unsafe { place.write(number as *mut Queue) };
    Ok(())
}

/// An open op, and the table that it is in.
fn find(symbol: &'static str, op: *mut Op) -> Result<(&'static Ops, Arc<dyn AnyOp>), Failure> {
    let found = Ops::present().and_then(|ops| Some((ops, ops.find(op as usize)?)));
    found.ok_or_else(|| unknown_op(symbol))
}

fn cancel(op: &Arc<dyn AnyOp>) {
    if !sabotage::NO_OP_CANCEL {
        op.ask(Ask::Cancel);
    }
}

/// Runs the author's code in the runtime's context, if the library is ready.
fn in_context(run: impl FnOnce()) {
    let inside = Inside::enter(rt0_core::is_ready);
    // SAFETY: `inside` holds a shutdown off.
    let generation = inside
        .as_ref()
        .and_then(|_| unsafe { Generation::present() });
    let _context = generation.map(|generation| generation.runtime.enter());
    run();
}

#[cold]
fn not_found(symbol: &'static str, why: &NotFound) -> Failure {
    match why {
        NotFound::TimedOut => {
            let text = "waited, and nothing was done in time; wait longer, or again";
            Failure::new(symbol, Status::TimedOut, text)
        }
        NotFound::Refused => {
            let text = "can't wait: the library has ended for good, or the process is exiting";
            Failure::new(symbol, Status::Stopped, text)
        }
    }
}

#[cold]
fn unknown_op(symbol: &'static str) -> Failure {
    let text =
        "got no open operation of this library: it was ended or freed, or is a fork's parent's";
    Failure::new(symbol, Status::InvalidHandle, text)
}

#[cold]
fn unknown_queue(symbol: &'static str) -> Failure {
    let text = "got no open queue of this library: it was freed, or is a fork's parent's";
    Failure::new(symbol, Status::InvalidHandle, text)
}
