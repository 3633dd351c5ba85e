//! Async code in a call: the library's runtime, found from any thread and kept for as long as it is used.

use std::future::Future;
use std::time::Duration;

use rt0_core::sabotage;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::ready;
use crate::error::Error;
use crate::generation::Generation;
use crate::platform::uncancelled::Uncancelled;
use crate::runtime::on_own_thread;
use crate::runtime::tokio::refuse;
use crate::runtime::tokio::this_thread::{at_hand, mine};

/// Runs a future on this thread, to its end, with the library's runtime: its tasks, timers and
/// descriptors make progress meanwhile, whoever made them.
///
/// This is the way to wait for async code in an export. `handle().block_on` does the same as long as
/// the runtime has threads of its own, or the boot thread drives it. Under the start policy `quiet`
/// nobody does but the calls that are inside this function, and tokio's handle would wait for ever for
/// a task, a timer or a socket.
///
/// Waits until boot is done, as every call does; a shutdown waits for the end of it. Inside a call it
/// works to the call's end, though a shutdown has begun. Works in init, main and exit, too, where they
/// are not async. A `pthread_cancel` of this thread waits for the end of it, too.
///
/// # Panics
/// As [`handle`]; and inside async code, where waiting would hold up a runtime. When the host has closed the
/// runtime's descriptors: an export then ends with `RUNTIME_LOST`, at once or within a second.
pub fn block_on<F: Future>(future: F) -> F::Output {
    try_block_on(future, None).unwrap_or_else(|error| refuse(error))
}

/// [`block_on`] for at most this time; then the future is dropped.
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
/// `TIMED_OUT` when the future is not done by then, `RUNTIME_LOST` when the host has closed the runtime's
/// descriptors, and whatever keeps the library from being ready.
///
/// # Panics
/// Inside async code, where waiting would hold up a runtime; when the library was built with
/// `runtime = "none"`; and when the future does.
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
    if let Some(mine) = mine() {
        // The runtime waits for this thread, which must not hold a shutdown up as well.
        return mine.try_wait_for(take(), time);
    }
    // Its own, though the call around it may have one: the future may drop that.
    if let Some(held) = Generation::hold_here() {
        return held.generation().runtime.try_wait_for(take(), time);
    }
    let ready = ready::ready(time)?;
    ready.generation().runtime.try_wait_for(take(), time)
}

/// The library's runtime. Waits until boot is done, as every call does; inside init, main and their
/// tasks it is at hand, and inside a call to the call's end, though a shutdown has begun. It is always the
/// library's own, whatever other runtime may be entered there.
///
/// # Panics
/// When the library is not ready in time, when it was built with `runtime = "none"`, and when the host has
/// closed the runtime's descriptors: see [`block_on`].
pub fn handle() -> Handle {
    with_handle(Handle::clone).unwrap_or_else(|error| refuse(error))
}

/// Calls `f` with the library's runtime, which is there until it returns.
fn with_handle<R>(f: impl FnOnce(&Handle) -> R) -> Result<R, Error> {
    let mut f = Some(f);
    let mut give = |handle: &Handle| f.take().expect("one of these has it")(handle);
    if sabotage::NO_OWN_HANDLE
        && on_own_thread()
        && let Ok(entered) = Handle::try_current()
    {
        return Ok(give(&entered));
    }
    // Before boot is done, and while the generation ends, the library's own threads have it at hand.
    if let Some(result) = at_hand(|runtime| give(runtime.tokio().handle())) {
        return Ok(result);
    }
    if let Some(mine) = mine() {
        return Ok(give(&mine.handle));
    }
    if let Some(held) = Generation::hold_here() {
        return Ok(give(held.generation().runtime.handle()?));
    }
    let ready = ready::ready(None)?;
    Ok(give(ready.generation().runtime.handle()?))
}

/// Spawns a task on the library's runtime, from any thread. Under the start policy `quiet` it makes
/// progress only while a call is inside [`block_on`].
///
/// # Panics
/// As [`handle`].
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    // A waker may write.
    let _uncancelled = Uncancelled::for_rt0();
    with_handle(|handle| handle.spawn(future)).unwrap_or_else(|error| refuse(error))
}
