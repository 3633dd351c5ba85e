//! Makes every thread of the runtime do something once.
//!
//! tokio gives a task to any free thread. So each thread that runs one of our tasks waits for the others, and
//! is not free meanwhile.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;

use rt0_core::sync::{Deadline, Waited, Word, clock};
use tokio::runtime::{Handle, RuntimeFlavor};

/// The longest time that a thread waits for the others, which may be busy.
const LIMIT: Duration = Duration::from_millis(100);

/// Runs `work` on every thread of the runtime, which has `threads` threads, and waits for that, but not for
/// long.
pub(super) fn on_all_threads(runtime: &Handle, threads: impl Fn() -> usize, work: fn()) {
    let workers = runtime.metrics().num_workers();
    on_each(workers, work, &|part| drop(runtime.spawn(part)));
    // By now the workers have begun, so none of the other threads will become one.
    let workers = match runtime.runtime_flavor() {
        RuntimeFlavor::CurrentThread => 0,
        _ => workers,
    };
    on_each(threads().saturating_sub(workers), work, &|part| {
        drop(runtime.spawn_blocking(move || part.take()));
    });
}

fn on_each(count: usize, work: fn(), begin: &dyn Fn(Part)) {
    let meeting = Arc::new(Meeting {
        end: clock::after(LIMIT),
        missing: Word::new(count as u32),
        work,
    });
    for _ in 0..count {
        begin(Part(meeting.clone()));
    }
    meeting.wait();
}

struct Meeting {
    end: Deadline,
    /// How many threads have not come yet.
    missing: Word,
    work: fn(),
}

/// The part of one thread. As a future it is done at once. (tokio compiles some KiB for each type of task.)
struct Part(Arc<Meeting>);

impl Part {
    fn take(&self) {
        (self.0.work)();
        // Relaxed: only the value matters, and `change` looks again.
        let mut missing = self.0.missing.load(Ordering::Relaxed);
        while !self.0.missing.change(missing, missing - 1) {
            missing = self.0.missing.load(Ordering::Relaxed);
        }
        if missing == 1 {
            self.0.missing.wake_all();
        }
        self.0.wait();
    }
}

impl Future for Part {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        self.take();
        Poll::Ready(())
    }
}

impl Meeting {
    /// Waits until all have come, or the time is over.
    fn wait(&self) {
        loop {
            // Acquire pairs with the Release in `change`: the work of all threads is done.
            let missing = self.missing.load(Ordering::Acquire);
            if missing == 0 || self.missing.wait(missing, self.end) == Waited::TimedOut {
                return;
            }
        }
    }
}
