//! Who is told that the process exits before its exit waits for anybody: an adapter for a virtual machine, whose
//! tasks hold the library and do not end by themselves.

use std::sync::OnceLock;

use rt0_core::sabotage;

use crate::runtime::panic;

/// No lock: a fork's child can look at it whatever its parent's threads were doing.
static TOLD: OnceLock<fn()> = OnceLock::new();

/// Has `f` called when the process begins to exit, before the exit waits for calls and for guards.
///
/// It is for adapters between rt0 and a host's virtual machine, of which a library has one: only the first function
/// counts. Such an adapter has tasks that hold an [`rt0::SharedReady`](crate::SharedReady), wait for what comes no
/// more, and would delay the exit by half of `exit_timeout`: let `f` abort them. It runs on any thread, must not
/// block, and can't call the library, whose gate is closed. A shutdown does not call it.
pub fn on_exit(f: fn()) {
    let _ = TOLD.set(f);
}

pub(super) fn tell() {
    if let Some(f) = TOLD.get() {
        if !sabotage::NO_WORD_OF_EXIT {
            let _ = panic::caught(f);
        }
    }
}
