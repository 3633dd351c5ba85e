//! Runs a future to completion, or drops it when its time is over.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::task::Poll;
use std::time::{Duration, Instant};
use std::{mem, thread};

use rt0_core::platform::thread::signals;
use rt0_core::{fork, sabotage};
use tokio::runtime::{Runtime, RuntimeFlavor};

use super::erased;
use super::lost::Watch;
use super::waiting::{Ended, Waiting};
use crate::interpose::descriptors::{LOOK, driving};
use crate::runtime::panic;
use crate::runtime::stop_signal::Stop;

const LATE: &str = "it did not finish in time and was dropped";
const LOST: &str = "the process closed or replaced the runtime's descriptors meanwhile";

/// Runs `future` for at most `time`. Without a time it runs as long as it takes, or until the runtime is
/// lost.
pub(super) fn run<F>(
    runtime: &Runtime,
    waiting: Waiting<'_>,
    future: F,
    time: Option<Duration>,
    makes_no_thread: bool,
) -> Result<F::Output, String>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    match (runtime.handle().runtime_flavor(), time) {
        (RuntimeFlavor::CurrentThread, Some(time)) if !makes_no_thread => {
            driving(|| with_alarm(runtime, future, time))
        }
        // This thread drives the runtime: nobody else does any more, because the boot thread is joined.
        (RuntimeFlavor::CurrentThread, time) => {
            let end = time.and_then(|time| Instant::now().checked_add(time));
            waiting.wait(future, end).map_err(|ended| match ended {
                Ended::Late => LATE.to_owned(),
                Ended::Lost => LOST.to_owned(),
            })
        }
        _ => on_a_worker(runtime, waiting.watch, future, time),
    }
}

/// Runs the future on a worker, so that a future that blocks its thread does not block us.
fn on_a_worker<F>(
    runtime: &Runtime,
    watch: &Watch,
    future: F,
    time: Option<Duration>,
) -> Result<F::Output, String>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let (send, receive) = mpsc::sync_channel(1);
    let task = runtime.spawn(async move {
        let _ = send.send(future.await);
    });
    let end = time.and_then(|time| Instant::now().checked_add(time));
    let result = loop {
        let left = end.map(|end| end.saturating_duration_since(Instant::now()));
        let result = receive.recv_timeout(left.map_or(LOOK, |left| left.min(LOOK)));
        let is_late = left.is_some_and(|left| left <= LOOK);
        if !matches!(result, Err(RecvTimeoutError::Timeout)) || is_late {
            break result;
        }
        if watch.is_lost() && !sabotage::NO_LOST_LEFT {
            return Err(LOST.to_owned());
        }
    };
    match result {
        Ok(value) => Ok(value),
        Err(RecvTimeoutError::Timeout) => {
            task.abort();
            Err(LATE.to_owned())
        }
        Err(RecvTimeoutError::Disconnected) => Err(match erased::block_on(runtime, task) {
            Err(error) if error.is_panic() => panic::text(error.into_panic()),
            _ => "it was cancelled".to_owned(),
        }),
    }
}

/// Runs the future on this thread, with a thread that keeps the time, because the runtime's own clock may not
/// be built in.
fn with_alarm<F: Future>(
    runtime: &Runtime,
    future: F,
    time: Duration,
) -> Result<F::Output, String> {
    let alarm = Stop::new();
    let (end, ended) = mpsc::channel::<()>();
    let ring = {
        let alarm = alarm.clone();
        move || {
            if ended.recv_timeout(time) == Err(RecvTimeoutError::Timeout) {
                alarm.set();
            }
        }
    };
    let clock = thread::Builder::new().stack_size(64 * 1024);
    let blocked = signals::block();
    let clock = clock.spawn(ring);
    drop(blocked);
    let clock = clock.map_err(|error| format!("no thread could be started to time it: {error}"))?;
    let process = fork::incarnation();
    let mut future = pin!(future);
    let mut alarm = pin!(alarm);
    let either = poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Ok(value)),
        Poll::Pending => alarm.as_mut().poll(context).map(|()| Err(LATE.to_owned())),
    });
    let result = erased::block_on(runtime, either);
    if fork::incarnation() == process || sabotage::NO_FORKED_END {
        drop(end);
        let _ = clock.join();
    } else {
        // The future has forked, and this is the child. The clock's thread exists only in the parent: glibc
        // notices that, but musl would wait for it forever.
        mem::forget((end, clock));
    }
    result
}
