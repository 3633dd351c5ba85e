//! Which threads are the library's own. Their calls into the library never wait for it, which would deadlock.

use std::cell::Cell;
use std::thread::LocalKey;

use rt0_core::generation::page;
use rt0_core::sabotage;

thread_local! {
    /// The generation whose own thread this is; 0 for none. In a fork's child no thread is the library's own
    /// at first, because the child's page has no number yet.
    static OWN: Cell<u32> = const { Cell::new(0) };
}

thread_local! {
    /// Whether this thread drives the runtime now, inside a call.
    static DRIVES: Cell<bool> = const { Cell::new(false) };
    /// Whether this thread polls the async code of a call now, and does not drive the runtime.
    static AWAITS: Cell<bool> = const { Cell::new(false) };
}

/// Runs `f`, in which this thread drives the runtime: what runs in there can't drive it again.
#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
pub(super) fn driving<R>(f: impl FnOnce() -> R) -> R {
    set_in(&DRIVES, f)
}

/// Runs `f`, in which this thread polls the async code of a call: what runs in there can't poll another's like this.
#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
pub(super) fn awaiting<R>(f: impl FnOnce() -> R) -> R {
    set_in(&AWAITS, f)
}

#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
fn set_in<R>(cell: &'static LocalKey<Cell<bool>>, f: impl FnOnce() -> R) -> R {
    struct PutBack(&'static LocalKey<Cell<bool>>, bool);
    impl Drop for PutBack {
        fn drop(&mut self) {
            self.0.set(self.1);
        }
    }
    let _former = PutBack(cell, cell.replace(true));
    f()
}

/// Whether this thread runs async code that a call on it waits for.
#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
pub(crate) fn awaits_here() -> bool {
    AWAITS.get()
}

/// Whether waiting here would wait for this thread itself: it is one of the library's own, or drives the runtime.
#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
pub(crate) fn waits_for_itself() -> bool {
    on_own_thread() || drives_here()
}

/// Whether this thread drives the runtime now.
#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
pub(crate) fn drives_here() -> bool {
    DRIVES.get() && !sabotage::NO_DRIVER_CHECK
}

/// Marks this thread as one of the runtime of generation `number`.
#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
pub(super) fn begins(number: u32) {
    OWN.set(number);
}

/// Runs `f` as work that the library itself waits for. Meanwhile this thread counts as one of the runtime's.
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

/// Whether this thread belongs to the present generation's runtime, or is doing the library's own work. A
/// thread that outlives its generation counts as the library's own until the next generation begins.
pub(crate) fn on_own_thread() -> bool {
    if sabotage::NO_OWN_THREAD_CHECK {
        return false;
    }
    let own = OWN.get();
    own != 0 && own == page().number()
}
