//! Turns the events on and off.

use std::ffi::c_void;
use std::sync::PoisonError;

use rt0_core::fork::NoFork;
use rt0_core::platform::loader;
use rt0_core::{Library, Status};

use super::host::{Callback, Host};
use super::process::Events;
use super::{inside, subscriber, thread};
use crate::config::read::is_quiet;
use crate::failure::Failure;
use crate::of_process::OfProcess;

const LEVELS: &str = "level is not valid: pass 1 for errors, 2 for warnings, 3 for information, 4 for debugging or 5 \
    for traces, each with all before it, or 0 for none";

const INSIDE: &str =
    "called inside the callback for events, which would deadlock; call it on another thread";

const LOCKED: &str = "called under the loader lock (from DllMain or a library's constructor), which the thread that \
    calls back may need; call it when LoadLibrary or FreeLibrary has returned";

const QUIET: &str = "the start policy `quiet` makes no thread, and events are told on one; set RT0_START=lazy in the \
    environment instead";

const NOT_OURS: &str = "this is a bug in the library: it has set a tracing subscriber of its own, which does not \
    pass on its events; its author must turn on the feature `tracing-layer` of the crate rt0, and add \
    `rt0::events_layer()` to that subscriber";

/// `NAME_events(level, event, user)`. Returns when no event of an earlier registration is waiting or being told.
pub(crate) fn register(
    library: &'static Library,
    level: i32,
    callback: Option<Callback>,
    user: *mut c_void,
) -> Result<(), Failure> {
    let fail = |status, text| Err(Failure::of_lifecycle("events", status, text));
    let Some(level) = u8::try_from(level).ok().filter(|level| *level <= 5) else {
        return fail(Status::InvalidArgument, LEVELS);
    };
    if inside::is_this_one() {
        return fail(Status::WouldDeadlock, INSIDE);
    }
    let host = callback.filter(|_| level > 0);
    let host = host.map(|callback| Host { callback, user });
    if host.is_some() && is_quiet(library) {
        return fail(Status::NoThread, QUIET);
    }
    let Some(events) = events(library, host.is_some()) else {
        // Nobody has registered yet.
        return Ok(());
    };
    if loader::is_locked_here() {
        return fail(Status::WouldDeadlock, LOCKED);
    }
    let _registering = events
        .registering
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if host.is_some() && !subscriber::is_in_place() {
        // The number of an author's error.
        return Err(Failure::author(
            1,
            format!("{}_events: {NOT_OURS}", library.name()),
        ));
    }
    let level = if host.is_some() { level } else { 0 };
    let registration = events.set_host(host, level);
    rebuild();
    events.finish_before(registration);
    if host.is_none() {
        events.spans().forget();
        events.rest();
    }
    Ok(())
}

/// The events of this process, which are made for the first who registers.
fn events(library: &'static Library, make: bool) -> Option<&'static Events> {
    if make {
        return Some(Events::present_or(|| Events::new(library, thread::make)));
    }
    Events::present()
}

/// Has tracing ask again what is wanted. It has locks, which a fork must not find locked.
fn rebuild() {
    let _no_fork = NoFork::begin();
    tracing_core::callsite::rebuild_interest_cache();
}
