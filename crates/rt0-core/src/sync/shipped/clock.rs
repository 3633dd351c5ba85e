//! Deadlines, given as a time from now.

use core::time::Duration;

use crate::platform::kernel;
use crate::sync::{Deadline, Waited, Word};

/// The deadline `ms` milliseconds from now. Zero means to look and not wait.
pub fn after_ms(ms: u64) -> Deadline {
    after_nanos(ms.saturating_mul(1_000_000))
}

/// The deadline `time` from now. Zero means to look and not wait.
pub fn after(time: Duration) -> Deadline {
    after_nanos(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))
}

fn after_nanos(nanos: u64) -> Deadline {
    match nanos {
        0 => Deadline::Passed,
        _ => Deadline::At(kernel::monotonic().saturating_add(nanos)),
    }
}

/// The time that is left until the deadline; `None` if it never comes.
pub fn left(deadline: Deadline) -> Option<Duration> {
    match deadline {
        Deadline::Passed => Some(Duration::ZERO),
        Deadline::At(nanos) => Some(Duration::from_nanos(
            nanos.saturating_sub(kernel::monotonic()),
        )),
        Deadline::Never => None,
    }
}

/// Sleeps for this time.
pub fn sleep(time: Duration) {
    let end = after(time);
    // Nobody wakes it.
    let word = Word::new(0);
    while word.wait(0, end) != Waited::TimedOut {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_runs_out_and_a_sleep_is_never_shorter() {
        let minute = Duration::from_secs(60);
        let left = left(after(minute)).unwrap();
        assert!(left <= minute && left > minute / 2, "{left:?}");
        assert_eq!(super::left(Deadline::Never), None);
        assert_eq!(super::left(Deadline::Passed), Some(Duration::ZERO));
        let (before, short) = (kernel::monotonic(), Duration::from_millis(5));
        let deadline = after(short);
        sleep(short);
        assert!(kernel::monotonic() - before >= short.as_nanos() as u64);
        assert_eq!(super::left(deadline), Some(Duration::ZERO));
    }
}
