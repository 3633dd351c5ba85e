//! Panics are treated as data: caught, stored with their location, returned as text, and not printed.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;

use rt0_core::fork::NoFork;
use rt0_core::platform::image;
use rt0_core::{Status, sabotage};

use crate::error::Error;

/// Whether the library's own panic hook is installed.
static HOOK: AtomicU32 = AtomicU32::new(NONE);

const NONE: u32 = 0;
/// A thread is installing it. In a fork's child that starts in this state, it stays so forever.
const COMING: u32 = 1;
const UP: u32 = 2;

static PRINT: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// Where this thread's last panic happened.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Makes sure that panics are stored, and printed only if the host asks for it. In a Rust program that has
/// the library among its dependencies, the panics and the hook are the program's, so nothing changes.
///
/// If the state is COMING in a fork's child, a thread of the parent may hold std's lock around hooks forever.
/// Such a child goes without a hook, and does not touch the lock. std allows no change of hooks on a thread
/// that is panicking, for example when a call in a destructor boots the library. Then the next boot installs
/// the hook.
///
/// The hook calls `first` before anything else, on the thread that panics.
pub(crate) fn prepare(first: fn(&PanicHookInfo<'_>)) {
    // Relaxed, here and below: one boot runs at a time, and a child has one thread.
    if image::self_starting() && HOOK.load(Ordering::Relaxed) == NONE && !thread::panicking() {
        // std holds a lock while it changes hooks; a fork must not find it locked.
        let _no_fork = NoFork::begin();
        put_up(first);
    }
}

fn put_up(first: fn(&PanicHookInfo<'_>)) {
    HOOK.store(COMING, Ordering::Relaxed);
    let former = take_hook();
    set_hook(Box::new(move |info| {
        first(info);
        keep(info);
        // Relaxed: only a setting; it publishes no other data.
        if PRINT.load(Ordering::Relaxed) {
            former(info);
        }
    }));
    HOOK.store(UP, Ordering::Relaxed);
}

/// Whether the library's own hook is installed. Once it is, it stays.
#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
pub(crate) fn is_hooked() -> bool {
    HOOK.load(Ordering::Relaxed) == UP
}

/// Whether panics are printed as well.
pub(crate) fn print(on: bool) {
    PRINT.store(on, Ordering::Relaxed);
}

fn keep(info: &PanicHookInfo<'_>) {
    // `to_string` would make another copy of what `format!` has.
    let place = info.location().map(|place| format!("{place}"));
    // This fails at a thread's very end, and in a panic while the location is being stored. Then there is no
    // location.
    let _ = PLACE.try_with(|kept| {
        if let Ok(mut kept) = kept.try_borrow_mut() {
            *kept = place;
        }
    });
}

/// Runs `f`, and turns a panic into its text: `panicked at src/lib.rs:7:5: the message`.
#[inline(always)]
pub(crate) fn caught<R>(f: impl FnOnce() -> R) -> Result<R, String> {
    // What the closure touched is either dropped by the unwinding, or the author must keep it consistent, as
    // with any thread that panics.
    if sabotage::NO_PANIC_CATCH {
        return Ok(f());
    }
    catch_unwind(AssertUnwindSafe(f)).map_err(text)
}

/// How a call without a result ended.
pub(crate) enum Caught {
    /// With one of rt0's errors, which unwound the author's frames.
    Refused(Error),
    /// With a panic, whose text this is.
    Panicked(String),
}

/// Like [`caught`], for a call: gives the panic's payload, for [`in_call`].
#[inline(always)]
pub(crate) fn caught_call<R>(f: impl FnOnce() -> R) -> Result<R, Box<dyn Any + Send>> {
    if sabotage::NO_PANIC_CATCH {
        return Ok(f());
    }
    catch_unwind(AssertUnwindSafe(f))
}

/// What a payload that a call has thrown means.
#[cold]
pub(crate) fn in_call(payload: Box<dyn Any + Send>) -> Caught {
    match payload.downcast::<Error>() {
        Ok(error) if error.status() == Status::RuntimeLost => Caught::Refused(*error),
        Ok(error) => Caught::Panicked(text(error)),
        Err(payload) => Caught::Panicked(text(payload)),
    }
}

/// The text of a caught panic.
pub(crate) fn text(payload: Box<dyn Any + Send>) -> String {
    let place = PLACE.try_with(RefCell::take).ok().flatten();
    let place = place
        .map(|place| format!(" at {place}"))
        .unwrap_or_default();
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(the panic's payload is not text)");
    let text = match payload.downcast_ref::<Error>() {
        Some(error) => format!("{error}"),
        None => format!("panicked{place}: {message}"),
    };
    // A payload's destructor can panic too. That panic must not escape either.
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(second);
    }
    text
}
