//! How long a check waits for what the library's threads do: on a busy machine a thread may wait for a processor longer
//! than for anything else, and nothing can be said of it meanwhile.

use std::time::{Duration, Instant};

use super::system::{threads, tid, wants_a_processor};

/// How often it is looked.
const LOOK: Duration = Duration::from_millis(1);

/// The most that one look counts: if more time has passed, this thread had no processor, so others may have had none.
const COUNTED: Duration = Duration::from_millis(5);

/// How many times the time that counts it may last in all: a thread that always runs is not waited for.
const TIMES: u32 = 3;

/// Waits until that is so, and says whether it is. The time counts only while no other thread of this process runs or
/// wants to run.
pub fn wait_until(most: Duration, mut is_so: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    let (mut last, mut counted) = (begun, Duration::ZERO);
    while !is_so() {
        if counted >= most || begun.elapsed() >= most * TIMES {
            return false;
        }
        std::thread::sleep(LOOK);
        let now = Instant::now();
        if !is_busy() {
            counted += (now - last).min(COUNTED);
        }
        last = now;
    }
    true
}

/// Gives the library's threads this time, which counts as for [`wait_until`].
pub fn give(time: Duration) {
    wait_until(time, || false);
}

/// Whether another thread of this process runs or wants to.
pub fn is_busy() -> bool {
    let own = tid();
    threads()
        .into_iter()
        .any(|thread| thread != own && wants_a_processor(thread))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn the_time_counts_only_while_nobody_else_runs() {
        let most = Duration::from_millis(50);
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
            let begun = Instant::now();
            assert!(!wait_until(most, || false));
            assert!(begun.elapsed() >= most * 2);
            over.store(true, Ordering::Relaxed);
        });
        assert!(wait_until(Duration::ZERO, || true));
    }
}
