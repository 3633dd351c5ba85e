//! How a future is told that nobody wants its result any more.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rt0_core::protocol::op::Ask;

use super::op::AnyOp;

/// Tells an async export when the host has cancelled it: await [`cancelled`](Cancel::cancelled), or check
/// [`is_cancelled`](Cancel::is_cancelled).
///
/// The future of an async export that takes none is dropped at its next `await` when the host cancels it. One that
/// takes a `Cancel` is told, and goes on to its own end; the host gets what it returns. A deadline and a shutdown
/// drop the future in any case; a `Cancel` that something else holds, a task that the function has spawned for one, then
/// says so too. It also does when the function has returned.
///
/// ```
/// # struct S; #[rt0::init] fn init() -> S { S }
/// async fn work(cancel: rt0::Cancel) -> Result<u64, String> {
///     let mut done = 0;
///     while !cancel.is_cancelled() && done < 1000 {
///         done += 1; // a piece of the work
///     }
///     Ok(done)
/// }
/// # fn main() {}
/// ```
pub struct Cancel {
    /// `None`: in a blocking call, which nobody can cancel.
    op: Option<Arc<dyn AnyOp>>,
}

impl Cancel {
    pub(super) fn of(op: Arc<dyn AnyOp>) -> Cancel {
        // Relaxed: only the number matters, and only to the thread that starts the op.
        op.head().cancels.fetch_add(1, Ordering::Relaxed);
        Cancel { op: Some(op) }
    }

    /// That of a call that nobody can cancel.
    pub(super) const fn never() -> Cancel {
        Cancel { op: None }
    }

    /// Whether nobody wants the result any more.
    pub fn is_cancelled(&self) -> bool {
        let Some(op) = &self.op else { return false };
        let look = op.head().completion.look();
        let asked = [Ask::Cancel, Ask::Expire, Ask::Stop];
        asked.into_iter().any(|ask| look.is_asked(ask)) || !look.is_open()
    }

    /// Waits until nobody wants the result any more. In a blocking call it waits for ever.
    pub async fn cancelled(&self) {
        let Some(op) = &self.op else {
            return std::future::pending().await;
        };
        // Made before the look, as `tell` makes it before it sets it: one of the two sees the other.
        let signal = op.head().signal().clone();
        if !self.is_cancelled() {
            signal.await;
        }
    }
}

impl Clone for Cancel {
    fn clone(&self) -> Cancel {
        match &self.op {
            Some(op) => Cancel::of(op.clone()),
            None => Cancel::never(),
        }
    }
}

impl Drop for Cancel {
    fn drop(&mut self) {
        if let Some(op) = &self.op {
            // Relaxed: as in `of`.
            op.head().cancels.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cancel")
            .field("is_cancelled", &self.is_cancelled())
            .finish()
    }
}
