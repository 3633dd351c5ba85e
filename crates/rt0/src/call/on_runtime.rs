//! Async code in a call: finds the library's runtime from any thread, and keeps it while it is in use.

use std::future::Future;
use std::time::Duration;

use rt0_core::generation::page;
use rt0_core::protocol::gate::State;
use rt0_core::sabotage;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::ready;
use crate::error::Error;
use crate::generation::Generation;
use crate::in_flight::travelling;
use crate::platform::uncancelled::Uncancelled;
use crate::runtime::on_own_thread;
use crate::runtime::tokio::refuse;
use crate::runtime::tokio::this_thread::{at_hand, own_runtime};

/// Runs a future to completion on this thread, with the library's runtime. All of the runtime's tasks, timers
/// and descriptors make progress meanwhile.
///
/// Use this to wait for async code in an export. `handle().block_on` works too, as long as the runtime has
/// its own threads or the boot thread drives it. Under the start policy `quiet`, only calls inside this
/// function drive the runtime, so tokio's `Handle::block_on` would wait forever for a task, a timer or a
/// socket.
///
/// Like every call, it waits until the boot is done. A shutdown waits for it to return. Inside a call it
/// keeps working until the call ends, even if a shutdown has begun. It also works in init, main and exit if
/// they are not async. A `pthread_cancel` of this thread takes effect only after it returns.
///
/// # Panics
/// In the cases that [`handle`] lists, and inside async code, where waiting would block a runtime. If the
/// host has closed the runtime's descriptors, the export that called it ends with `RUNTIME_LOST`, at once or
/// within a second.
pub fn block_on<F: Future>(future: F) -> F::Output {
    try_block_on(future, None).unwrap_or_else(|error| refuse(error))
}

/// Like [`block_on`], but waits at most this long; then the future is dropped.
///
/// ```no_run
/// # use std::time::Duration;
/// # async fn ask() -> u32 { 7 }
/// fn hand_written() -> Result<u32, rt0::Error> {
///     rt0::block_on_for(Duration::from_secs(5), ask())
/// }
/// ```
///
/// # Errors
/// `TIMED_OUT` if the future is not done in time, `RUNTIME_LOST` if the host has closed the runtime's
/// descriptors, or the reason why the library is not ready.
///
/// # Panics
/// Inside async code, where waiting would block a runtime; if the library was built with `runtime = "none"`;
/// and if the future panics.
pub fn block_on_for<F: Future>(timeout: Duration, future: F) -> Result<F::Output, Error> {
    try_block_on(future, Some(timeout))
}

fn try_block_on<F: Future>(future: F, time: Option<Duration>) -> Result<F::Output, Error> {
    let _uncancelled = Uncancelled::for_rt0();
    let mut future = Some(future);
    let mut take = || future.take().expect("one of these waits for it");
    if let Some(result) = at_hand(|runtime| runtime.try_wait_for(take(), time)) {
        return result;
    }
    if let Some(own) = own_runtime() {
        // The runtime waits for this thread, so this thread must not hold up a shutdown as well.
        return own.try_wait_for(take(), time);
    }
    // Make an announcement of our own, even if the call around us has one: the future may drop that one.
    if let Some(held) = Generation::hold_here() {
        return held.generation().runtime.try_wait_for(take(), time);
    }
    let ready = ready::ready(time)?;
    ready.generation().runtime.try_wait_for(take(), time)
}

/// A handle to the library's runtime. Like every call, it waits until the boot is done. In init, main and
/// their tasks it does not wait. Inside a call it works until the call ends, even if a shutdown has begun. It
/// is always the library's own runtime, even if another runtime is entered on this thread.
///
/// # Panics
/// If the library is not ready in time, if it was built with `runtime = "none"`, or if the host has closed
/// the runtime's descriptors: see [`block_on`].
pub fn handle() -> Handle {
    with_handle(Handle::clone).unwrap_or_else(|error| refuse(error))
}

/// Calls `f` with the library's runtime, which is kept until `f` returns.
fn with_handle<R>(f: impl FnOnce(&Handle) -> R) -> Result<R, Error> {
    let mut f = Some(f);
    let mut give = |handle: &Handle| f.take().expect("one of these has it")(handle);
    if sabotage::NO_OWN_HANDLE && on_own_thread() {
        if let Ok(entered) = Handle::try_current() {
            return Ok(give(&entered));
        }
    }
    // Before the boot is done, and while the generation ends, only the library's own threads can use it.
    if let Some(result) = at_hand(|runtime| give(runtime.tokio().handle())) {
        return Ok(result);
    }
    if let Some(own) = own_runtime() {
        return Ok(give(&own.handle));
    }
    if let Some(held) = Generation::hold_here() {
        return Ok(give(held.generation().runtime.handle()?));
    }
    if let Some(handle) = handle_of_guard()? {
        return Ok(give(&handle));
    }
    let ready = ready::ready(None)?;
    Ok(give(ready.generation().runtime.handle()?))
}

/// The runtime's handle while a shutdown waits for guards that belong to no thread, as those of async functions.
/// What holds them may need the runtime to go on.
///
/// # Errors
/// The runtime is lost.
fn handle_of_guard() -> Result<Option<Handle>, Error> {
    if page().gate.state() != State::Stopping || sabotage::NO_HELD_RUNTIME {
        return Ok(None);
    }
    let mut found = None;
    travelling::while_held(&mut || {
        // SAFETY: a guard is held, which holds off a shutdown until this function returns.
        let generation = unsafe { Generation::present() };
        found = generation.map(|generation| {
            let runtime = &generation.runtime;
            let lost = runtime
                .watch()
                .looks_lost()
                .then(|| runtime.watch().clone());
            (runtime.tokio().handle().clone(), lost)
        });
    });
    match found {
        // Marked as lost only now: that may need the lock of the guards.
        Some((_, Some(lost))) if !sabotage::NO_GUARDED_LOOK => {
            lost.check()?;
            Ok(None)
        }
        found => Ok(found.map(|(handle, _)| handle)),
    }
}

/// Spawns a task on the library's runtime, from any thread. Under the start policy `quiet` the task makes
/// progress only while a call is inside [`block_on`].
///
/// # Panics
/// In the cases that [`handle`] lists.
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    // A waker may call `write`, which is a cancellation point.
    let _uncancelled = Uncancelled::for_rt0();
    with_handle(|handle| handle.spawn(future)).unwrap_or_else(|error| refuse(error))
}
