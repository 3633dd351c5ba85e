//! Which threads are the library's own: what they ask of the library is never made to wait for it.

use std::cell::Cell;

use rt0_core::generation::page;
use rt0_core::sabotage;

thread_local! {
    /// Of which generation this thread is one's own; 0: of none. A fork's child begins at none, too:
    /// its page has no number yet.
    static OWN: Cell<u32> = const { Cell::new(0) };
}

/// This thread belongs to the runtime of this generation.
#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
pub(super) fn begins(number: u32) {
    OWN.set(number);
}

/// Runs `f` as something that the library itself waits for: what it asks of the library is answered as
/// if a thread of the runtime asked.
pub(crate) fn as_own_thread<R>(f: impl FnOnce() -> R) -> R {
    struct PutBack(u32);
    impl Drop for PutBack {
        fn drop(&mut self) {
            OWN.set(self.0);
        }
    }
    let _former = PutBack(OWN.replace(page().number()));
    f()
}

/// Whether this thread is one of the present generation's runtime, or does the library's own work at
/// the moment. A thread that outlives its generation stays one until the next begins.
pub(crate) fn on_own_thread() -> bool {
    if sabotage::NO_OWN_THREAD_CHECK {
        return false;
    }
    let own = OWN.get();
    own != 0 && own == page().number()
}
