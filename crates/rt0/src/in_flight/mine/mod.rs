//! Where a thread has its [`Mine`](rt0_core::protocol::in_flight::Mine), and how a call gets at it.
//!
//! - `with`: lends this thread's to a function.
//! - `enter`: what the hot half of a call does: announces this thread if it is prepared, and looks up where the
//!   state is.
//! - `fixed`: how far from its thread pointer every thread has it; 0 if nobody knows. Boot asks.
//! - `hints`: where else a call looks for the slot, with this thread's pointer.

#[allow(dead_code, reason = "x86-64 has a file of its own")]
mod plain;
#[cfg(all(
    not(rt0_tsan),
    target_arch = "x86_64",
    target_pointer_width = "64",
    target_os = "linux",
    any(target_env = "gnu", target_env = "musl")
))]
mod x86_64;

use rt0_core::cfg_select;
use rt0_core::generation::{hot, page};
use rt0_core::protocol::in_flight::Announced;
use rt0_core::sabotage;

cfg_select! {
    rt0_tsan => {
        pub use self::plain::{enter, fixed, hints, with};
    }
    all(
        target_arch = "x86_64",
        target_pointer_width = "64",
        target_os = "linux",
        any(target_env = "gnu", target_env = "musl")
    ) => {
        pub use self::x86_64::{enter, fixed, hints, with};
    }
    _ => {
        pub use self::plain::{enter, fixed, hints, with};
    }
}

/// Enters by way of the thread-local.
#[inline(always)]
fn enter_with_local(usable: impl Fn() -> bool) -> Option<(Announced, *const ())> {
    // The loader may allocate a thread-local when it is first touched, and in a fork's child the allocator's
    // lock may be held forever.
    if !sabotage::NO_LOOK_FIRST && !usable() {
        return None;
    }
    with(|mine| mine.enter(&page().current, usable, hot::state))
}
