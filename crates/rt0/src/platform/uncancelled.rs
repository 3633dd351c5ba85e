//! Stretches of a host's thread in which a `pthread_cancel` waits.
//!
//! A C library cancels a thread by unwinding its stack from a cancellation point: a `read`, a `write`, a
//! sleep. Rust's frames can't be unwound in that way, and the process ends. tokio's wakers write, and its
//! driver waits in `epoll_wait`.

pub(crate) use rt0_core::platform::thread::Uncancelled;
use rt0_core::sabotage;

/// An [`Uncancelled`] around a whole call, for the macros: where `ON` is false it costs nothing.
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
