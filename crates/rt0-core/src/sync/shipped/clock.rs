//! Deadlines, given as a time from now.

use core::time::Duration;

use crate::platform::kernel;
use crate::sync::Deadline;

/// The deadline `ms` milliseconds from now. Zero means to look and not wait.
pub fn after_ms(ms: u64) -> Deadline {
    after(Duration::from_millis(ms))
}

/// The deadline `time` from now. Zero means to look and not wait.
pub fn after(time: Duration) -> Deadline {
    if time.is_zero() {
        return Deadline::Passed;
    }
    let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    Deadline::At(kernel::monotonic().saturating_add(nanos))
}
