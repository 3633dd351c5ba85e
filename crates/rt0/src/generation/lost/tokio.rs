//! See `runtime/tokio/lost.rs`, which watches over one runtime. Here is which one a thread uses.

use std::panic::PanicHookInfo;
use std::sync::Arc;

use rt0_core::generation::page;
use rt0_core::protocol::gate::State;

use crate::generation::Generation;
use crate::in_flight::Inside;
use crate::runtime::tokio::building;
use crate::runtime::tokio::lost::{Watch, is_driver};
use crate::runtime::tokio::this_thread::{is_runtimes_thread, runtime_here};

/// Some thread panics: if it is the one that builds a runtime, the building has failed. If it is in tokio's driver,
/// on a thread that is the runtime's or waits for it, the runtime may be lost.
///
/// One of the runtime's own threads then stays here. Were it to go on, tokio would end the process. std keeps a
/// lock meanwhile, and nobody can change the library's panic hook any more; rt0 does so once, before.
pub(crate) fn panicking(info: &PanicHookInfo<'_>) {
    building::panicking();
    if !info.location().is_some_and(|place| is_driver(place.file())) {
        return;
    }
    if let Some(watch) = watched_here() {
        watch.driver_panicked();
        if watch.is_lost() && is_runtimes_thread() {
            sleep();
        }
    }
}

/// One of the runtime's own threads has found its descriptors gone. It does not come back.
pub(crate) fn sleep_in_lost() {
    if let Some(watch) = watched_here() {
        watch.is_lost();
    }
    sleep();
}

fn sleep() -> ! {
    loop {
        std::thread::park();
    }
}

/// The runtime that this thread belongs to, has at hand, or uses in a call.
fn watched_here() -> Option<Arc<Watch>> {
    runtime_here().or_else(|| {
        let held = Generation::hold_here()?;
        Some(held.generation().runtime.watch().clone())
    })
}

/// Looks whether the present runtime is lost, from any thread.
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
