//! Finds the runtime that a thread uses. `runtime/tokio/lost.rs` watches over one runtime.

use std::panic::PanicHookInfo;
use std::sync::Arc;

use rt0_core::generation::page;
use rt0_core::protocol::gate::State;
use rt0_core::sabotage;
use rt0_core::sync::{Deadline, Word};

use crate::generation::Generation;
use crate::in_flight::Inside;
use crate::runtime::tokio::building;
use crate::runtime::tokio::lost::{Watch, is_driver};
use crate::runtime::tokio::this_thread::{
    is_lost_runtimes_thread, is_runtimes_thread, runtime_here,
};

/// Called when a thread panics. If it is the thread that builds a runtime, the build has failed. If it panics
/// in tokio's driver, and it is one of the runtime's threads or waits for the runtime, the runtime may be
/// lost.
///
/// If the runtime is lost, a thread of the runtime never returns from here: if it continued, tokio would end
/// the process. It keeps std's lock around panic hooks, so nobody can change the library's panic hook any
/// more. rt0 changes it only once, before that.
pub(crate) fn panicking(info: &PanicHookInfo<'_>) {
    building::panicking();
    if !info.location().is_some_and(|place| is_driver(place.file())) {
        return;
    }
    if sabotage::NO_FORMER_THREADS {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    if let Some(watch) = watched_here() {
        watch.driver_panicked();
        if watch.is_lost() && is_runtimes_thread() {
            sleep();
        }
    }
    // The next generation may have begun before this thread has noticed.
    if is_lost_runtimes_thread() && !sabotage::NO_FORMER_THREADS {
        sleep();
    }
}

/// Called by one of the runtime's own threads that has found the descriptors gone. Never returns.
pub(crate) fn sleep_in_lost() {
    if let Some(watch) = watched_here() {
        watch.is_lost();
    }
    sleep();
}

fn sleep() -> ! {
    loop {
        Word::new(0).wait(0, Deadline::Never);
    }
}

/// The watch over the runtime that this thread belongs to, has at hand, or uses in a call.
fn watched_here() -> Option<Arc<Watch>> {
    runtime_here().or_else(|| {
        let held = Generation::hold_here()?;
        Some(held.generation().runtime.watch().clone())
    })
}

/// Whether the present generation's runtime is lost. Any thread can ask.
pub(crate) fn is_lost() -> bool {
    let there = || {
        let state = page().gate.state().reported();
        matches!(state, State::Ready | State::Failed)
    };
    let Some(_inside) = Inside::enter(there) else {
        return false;
    };
    // SAFETY: `_inside` holds a shutdown off.
    unsafe { Generation::present() }.is_some_and(|generation| generation.runtime.is_lost())
}
