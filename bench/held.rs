//! A future of 64 bytes that is never ready.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

/// How many of them have been polled.
pub static HELD: AtomicU64 = AtomicU64::new(0);

/// The future.
pub struct Held([u64; 8]);

const _: () = assert!(size_of::<Held>() == 64);

impl Held {
    /// One that holds this number.
    pub fn new(number: u64) -> Held {
        Held([number; 8])
    }
}

impl Future for Held {
    type Output = Result<u64, Infallible>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        // Only so that the numbers are used.
        if self.0[7] == u64::MAX {
            return Poll::Ready(Ok(self.0.iter().sum()));
        }
        // ORDERING: a count, which orders nothing.
        HELD.fetch_add(1, Ordering::Relaxed);
        Poll::Pending
    }
}
