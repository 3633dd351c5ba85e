//! The async runtime: tokio, or none. One file for each; the rest of the crate knows only the names.

#[cfg(feature = "tokio")]
#[path = "tokio.rs"]
mod chosen;
#[cfg(not(feature = "tokio"))]
#[path = "none.rs"]
mod chosen;

#[cfg(feature = "tokio")]
mod building;
#[cfg(feature = "tokio")]
mod in_time;
#[cfg(feature = "tokio")]
mod lost;
#[cfg(feature = "tokio")]
mod meeting;
#[cfg(feature = "tokio")]
mod waiting;

pub use chosen::require_async;
pub(crate) use chosen::{Runtime, is_lost};
#[cfg(feature = "tokio")]
pub use chosen::{block_on, block_on_for, handle, spawn};
#[cfg(feature = "tokio")]
#[cfg_attr(windows, allow(unused_imports))]
pub(crate) use lost::sleep_in_lost;

use std::cell::Cell;
use std::panic::PanicHookInfo;

use rt0_core::generation::page;
use rt0_core::platform::thread::signals;
use rt0_core::protocol::gate::State;
use rt0_core::sabotage;

use crate::descriptors;
use crate::generation::Generation;
use crate::inflight::Inside;

thread_local! {
    /// Of which generation this thread is one's own; 0: of none. A fork's child begins at none, too:
    /// its page has no number yet.
    static OWN: Cell<u32> = const { Cell::new(0) };

    /// On a thread of the library's own: what `signals::changes` was when it has settled its signals.
    static SETTLED: Cell<Option<u32>> = const { Cell::new(None) };
}

/// The library's panic hook tells it first.
#[cfg_attr(not(feature = "tokio"), allow(unused_variables))]
pub(crate) fn panicking(info: &PanicHookInfo<'_>) {
    #[cfg(feature = "tokio")]
    {
        building::panicking();
        lost::panicking(info);
    }
}

/// See above.
#[cfg(not(feature = "tokio"))]
#[cfg_attr(windows, allow(dead_code))]
pub(crate) fn sleep_in_lost() {}

/// What each of the runtime's threads does first. Those that tokio makes from a host's thread have
/// that thread's signal mask, not the boot thread's. The number is that of the generation which has built
/// the runtime: a thread that comes late may find another on the page.
#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
fn thread_starts(number: u32) {
    OWN.set(number);
    descriptors::on_worker();
    settle_signals();
}

/// Leaves the host's signals to the host, on a thread of the library's own, as it is now. The boot thread
/// does this before main.
pub(crate) fn settle_signals() {
    // First: a change that comes meanwhile is seen next time.
    SETTLED.set(Some(signals::changes()));
    signals::settle();
}

/// The same where something has changed since; on any thread, when it goes on with the library's work. A
/// host's own, which can be the one that drives the runtime, keeps its mask.
pub(crate) fn settle_signals_again() {
    if SETTLED.get().is_some_and(|seen| seen != signals::changes()) {
        settle_signals();
    }
}

/// The first call has found out that the host has handlers which it had not before: all threads of the runtime
/// are to know before the call goes on. A thread that waits for blocking tasks, or has yet to begin, would
/// not be told otherwise.
pub(crate) fn settle_all_signals() {
    if on_own_thread() || sabotage::NO_MEETING {
        return;
    }
    if let Some(_inside) = Inside::enter(|| page().gate.state().reported() == State::Ready) {
        // SAFETY: `_inside` holds a shutdown off.
        if let Some(generation) = unsafe { Generation::present() } {
            generation.runtime.settle_signals();
        }
    }
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
