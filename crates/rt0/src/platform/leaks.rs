//! What a checker of leaks is told (LeakSanitizer, alone or as a part of AddressSanitizer).
//!
//! It looks at a process that exits, and says that memory has leaked which no static and no thread leads to.
//! In a fork's child the parent's threads are not there, and what only their stacks have led to, as what each
//! worker of tokio's has in its hands, would be such. So would be what a thread-local has led to: when the
//! child makes a thread, glibc gives it the stack of one that is gone, and frees that one's thread-locals. So
//! what std and tokio make for the boot thread and for the workers is said to be none. `generation.rs` and
//! `thread_exit.rs` have the rest of that story.

#[cfg(not(windows))]
use rt0_core::{sabotage, weak};

/// Whether somebody looks for leaks in this process.
#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
#[cfg(not(windows))]
pub(crate) fn are_looked_for() -> bool {
    weak::lsan_disable().is_some()
}

/// Whether somebody looks for leaks in this process.
#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
#[cfg(windows)]
pub(crate) fn are_looked_for() -> bool {
    false
}

/// Runs `f`; what it allocates on this thread is no leak, wherever it is led to from.
#[cfg(not(windows))]
pub(crate) fn unnoticed<R>(f: impl FnOnce() -> R) -> R {
    struct Enable(unsafe extern "C" fn());
    impl Drop for Enable {
        fn drop(&mut self) {
            // SAFETY: LeakSanitizer's interface: after each `__lsan_disable`, on the same thread.
            unsafe { (self.0)() }
        }
    }
    let both = weak::lsan_disable().zip(weak::lsan_enable());
    let _enable = both
        .filter(|_| !sabotage::NO_KEPT_WORKERS)
        .map(|(disable, enable)| {
            // SAFETY: as above; it takes nothing.
            unsafe { disable() };
            Enable(enable)
        });
    f()
}

/// There is no fork.
#[cfg(windows)]
pub(crate) fn unnoticed<R>(f: impl FnOnce() -> R) -> R {
    f()
}
