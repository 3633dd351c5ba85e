//! The gate for async code: waits without a thread of the caller's.

use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use rt0_core::generation;

use super::look::look;
use super::ready::{Ready, library};
use super::shared_ready::SharedReady;
use super::waiters::Ticket;
use crate::error::Error;
use crate::in_flight::Inside;
use crate::in_flight::travelling::Place;

/// Waits until the library is ready, without blocking the thread, and gives a guard that can travel with the
/// task. `#[rt0::gated]` on an `async fn` does the same.
///
/// It works under any executor. It waits as long as the library's own setting says: 30 seconds unless its
/// author chose otherwise. If the boot has not begun, it begins; the executor's thread does not run it.
/// Dropping the future ends the wait. When the library is ready already, the future is ready at its first
/// poll.
///
/// rt0 makes one thread while there is anybody who waits like this, and that thread calls the wakers. It is
/// one of the library's own threads. A waker that blocks keeps the others waiting, beyond their deadlines.
///
/// Under the start policy `quiet`, which makes no threads, it waits as [`ready`](crate::ready()) does and
/// blocks the thread: there the first call boots on its own thread.
///
/// [`when_ready`](crate::when_ready()) calls a closure instead of waking a future.
///
/// A future that waits while the process forks is not woken in the child. If it is polled there, it waits for
/// the child's own generation.
///
/// ```no_run
/// async fn fetch() -> Result<(), rt0::Error> {
///     let here = rt0::ready_async().await?;
///     // The runtime and the state are there until `here` is dropped.
///     drop(here);
///     Ok(())
/// }
/// ```
///
/// # Errors
/// Those of [`ready`](crate::ready()), also if a shutdown begins meanwhile. [`NoThread`](rt0_core::Status::NoThread): the library
/// is not ready, and there is no thread to wait for it.
#[track_caller]
pub fn ready_async() -> ReadyAsync {
    ReadyAsync {
        place: Location::caller(),
        ticket: None,
    }
}

/// The future of [`ready_async`].
#[must_use = "futures do nothing unless they are awaited"]
pub struct ReadyAsync {
    place: Place,
    ticket: Option<Ticket>,
}

impl Future for ReadyAsync {
    type Output = Result<SharedReady, Error>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match Inside::enter(generation::is_ready) {
            Some(inside) => Poll::Ready(Ok(self.entered(inside))),
            None => self.wait(context),
        }
    }
}

impl ReadyAsync {
    fn entered(&mut self, inside: Inside) -> SharedReady {
        self.ticket = None;
        Ready::new(inside).share_at(self.place)
    }

    #[cold]
    fn wait(&mut self, context: &mut Context<'_>) -> Poll<Result<SharedReady, Error>> {
        let library = library()?;
        if let Some(ticket) = &self.ticket {
            let Some(answer) = ticket.poll(context.waker()) else {
                return Poll::Pending;
            };
            self.ticket = None;
            answer?;
        }
        match look(library)? {
            Some(inside) => Poll::Ready(Ok(self.entered(inside))),
            None => {
                self.ticket = Some(Ticket::take(library, context.waker())?);
                Poll::Pending
            }
        }
    }
}
