//! Which signals the library's threads leave to the host.
//!
//! A thread inherits the mask of the one that made it, so blocking around the making is enough for
//! the boot thread and all that it makes.

use crate::{sabotage, sys, weak};

/// Signals that a thread causes by what it does: the host's crash reporter wants them.
const FAULTS: [u32; 7] = [
    4,  // SIGILL
    5,  // SIGTRAP
    6,  // SIGABRT
    7,  // SIGBUS
    8,  // SIGFPE
    11, // SIGSEGV
    31, // SIGSYS
];

/// Signals that C libraries use between threads, as for `setuid` and `pthread_cancel`. A thread that
/// blocks them makes the host's `setuid` wait for ever.
const LIBRARY_INTERNAL: [u32; 2] = [32, 33];

/// musl uses one more. In glibc it is SIGRTMIN, which is the host's.
const MUSL_INTERNAL: u32 = 34;

/// What is blocked.
fn asynchronous() -> u64 {
    let open = bits(&FAULTS) | bits(&LIBRARY_INTERNAL);
    match weak::gnu_get_libc_version() {
        Some(_) => !open,
        None => !(open | bits(&[MUSL_INTERNAL])),
    }
}

const fn bits(signals: &[u32]) -> u64 {
    let mut set = 0;
    let mut i = 0;
    while i < signals.len() {
        set |= 1 << (signals[i] - 1);
        i += 1;
    }
    set
}

/// Blocks the asynchronous signals on this thread for good.
pub fn block() {
    if sabotage::NO_SIGNAL_BLOCK {
        return;
    }
    let former = sys::set_signal_mask(asynchronous());
    if former & !asynchronous() != 0 {
        sys::set_signal_mask(former | asynchronous());
    }
}

/// Runs `f` with the asynchronous signals blocked on this thread, and puts its mask back.
pub fn blocked<R>(f: impl FnOnce() -> R) -> R {
    if sabotage::NO_SIGNAL_BLOCK {
        return f();
    }
    let former = sys::set_signal_mask(asynchronous());
    let result = f();
    sys::set_signal_mask(former);
    result
}
