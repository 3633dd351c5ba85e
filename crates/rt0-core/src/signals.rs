//! Which signals the library's threads leave to the host.
//!
//! A thread inherits the mask of the one that made it, so blocking around the making is enough for
//! the boot thread and all that it makes.

use crate::sys::SignalMask;
use crate::{sabotage, sys};

/// What is blocked.
fn asynchronous() -> SignalMask {
    !(bits(&sys::FAULTS) | bits(sys::signals_of_the_c_library()))
}

fn bits(signals: &[u32]) -> SignalMask {
    signals
        .iter()
        .fold(0, |set, signal| set | 1 << (signal - 1))
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
