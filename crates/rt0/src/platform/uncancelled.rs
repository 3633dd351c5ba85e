//! Sections of code on a host's thread in which a `pthread_cancel` does not take effect yet.
//!
//! A C library cancels a thread by unwinding its stack from a cancellation point: a `read`, a `write`, a
//! sleep. Rust's frames can't be unwound that way, and the process ends. tokio's wakers call `write`, and its
//! driver waits in `epoll_wait`.

pub(crate) use rt0_core::platform::thread::Uncancelled;
use rt0_core::sabotage;

/// An [`Uncancelled`] around a whole call, for the macros. If `ON` is false it costs nothing.
pub struct UncancelledCall<const ON: bool> {
    #[expect(dead_code, reason = "held for its drop")]
    shield: Option<Uncancelled>,
}

impl<const ON: bool> UncancelledCall<ON> {
    /// Holds off a `pthread_cancel` until the result is dropped.
    #[inline(always)]
    #[must_use = "the thread can be cancelled again once this is dropped"]
    pub fn begin() -> UncancelledCall<ON> {
        UncancelledCall {
            shield: (ON && !sabotage::NO_CALL_SHIELD).then(Uncancelled::begin),
        }
    }
}
