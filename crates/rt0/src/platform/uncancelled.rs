//! Stretches of a host's thread in which a `pthread_cancel` waits.
//!
//! A C library cancels a thread by unwinding its stack from a cancellation point: a `read`, a `write`, a
//! sleep. Rust's frames can't be unwound in that way, and the process ends. tokio's wakers write, and its
//! driver waits in `epoll_wait`.

use std::marker::PhantomData;

use rt0_core::{sabotage, thread};

/// Until this is dropped, a cancellation of this thread waits; then it acts at the next cancellation point.
/// Guards can be nested.
pub(crate) struct Uncancelled {
    former: thread::CancelState,
    not_send: PhantomData<*const ()>,
}

impl Uncancelled {
    #[inline]
    fn begin() -> Uncancelled {
        Uncancelled {
            former: thread::hold_off_cancel(),
            not_send: PhantomData,
        }
    }

    /// For what rt0 itself does.
    #[inline]
    pub fn for_rt0() -> Option<Uncancelled> {
        (!sabotage::NO_CANCEL_SHIELD).then(Uncancelled::begin)
    }
}

impl Drop for Uncancelled {
    #[inline]
    fn drop(&mut self) {
        thread::allow_cancel(self.former);
    }
}

/// The same around a whole call, for the macros: where `ON` is false it costs nothing.
pub struct UncancelledCall<const ON: bool> {
    #[expect(dead_code, reason = "held for its drop")]
    shield: Option<Uncancelled>,
}

impl<const ON: bool> UncancelledCall<ON> {
    /// From here on.
    #[inline(always)]
    #[must_use = "the thread can be cancelled again once this is dropped"]
    pub fn begin() -> UncancelledCall<ON> {
        UncancelledCall {
            shield: (ON && !sabotage::NO_CALL_SHIELD).then(Uncancelled::begin),
        }
    }
}
