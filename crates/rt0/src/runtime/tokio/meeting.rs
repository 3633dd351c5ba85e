//! Makes every thread of the runtime do something once.
//!
//! tokio gives a task to any free thread. So each thread that runs one of our tasks waits for the others, and
//! is not free meanwhile.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::{Handle, RuntimeFlavor};

/// The longest time that a thread waits for the others, which may be busy.
const LIMIT: Duration = Duration::from_millis(100);

/// Runs `work` on every thread of the runtime, which has `threads` threads, and waits for that, but not for
/// long.
pub(super) fn on_all_threads(runtime: &Handle, threads: impl Fn() -> usize, work: fn()) {
    let workers = runtime.metrics().num_workers();
    on_each(workers, |task| {
        runtime.spawn(async move {
            work();
            task();
        });
    });
    // By now the workers have begun, so none of the other threads will become one.
    let workers = match runtime.runtime_flavor() {
        RuntimeFlavor::CurrentThread => 0,
        _ => workers,
    };
    on_each(threads().saturating_sub(workers), |task| {
        runtime.spawn_blocking(move || {
            work();
            task();
        });
    });
}

fn on_each(count: usize, begin: impl Fn(Box<dyn FnOnce() + Send>)) {
    let meeting = Arc::new(Meeting {
        end: Instant::now() + LIMIT,
        missing: Mutex::new(count),
        changed: Condvar::new(),
    });
    for _ in 0..count {
        let meeting = meeting.clone();
        begin(Box::new(move || meeting.arrive()));
    }
    meeting.wait(
        meeting
            .missing
            .lock()
            .unwrap_or_else(PoisonError::into_inner),
    );
}

struct Meeting {
    end: Instant,
    missing: Mutex<usize>,
    changed: Condvar,
}

impl Meeting {
    fn arrive(&self) {
        let mut missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        *missing -= 1;
        self.changed.notify_all();
        self.wait(missing);
    }

    fn wait(&self, missing: MutexGuard<'_, usize>) {
        let left = self.end.saturating_duration_since(Instant::now());
        let _ = self
            .changed
            .wait_timeout_while(missing, left, |missing| *missing > 0);
    }
}
