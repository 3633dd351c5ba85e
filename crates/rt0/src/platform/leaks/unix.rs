//! LeakSanitizer, if the process has it.

use rt0_core::platform::weak_symbols;
use rt0_core::sabotage;

pub(crate) fn are_looked_for() -> bool {
    weak_symbols::lsan_disable().is_some()
}

pub(crate) fn unnoticed<R>(f: impl FnOnce() -> R) -> R {
    struct Enable(unsafe extern "C" fn());
    impl Drop for Enable {
        fn drop(&mut self) {
            // SAFETY: LeakSanitizer's interface asks for one call after each `__lsan_disable`, on the same
            // thread.
            unsafe { (self.0)() }
        }
    }
    let both = weak_symbols::lsan_disable().zip(weak_symbols::lsan_enable());
    let _enable = both
        .filter(|_| !sabotage::NO_KEPT_WORKERS)
        .map(|(disable, enable)| {
            // SAFETY: LeakSanitizer's interface; it takes no argument, and `Enable` calls its counterpart.
            unsafe { disable() };
            Enable(enable)
        });
    f()
}
