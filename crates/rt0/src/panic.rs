//! Panics are data: caught, kept with their place, returned as text, and not printed.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::atomic::{AtomicBool, Ordering};

use rt0_core::{image, sabotage};

use crate::runtime;

static HOOKED: AtomicBool = AtomicBool::new(false);
static PRINT: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// Where this thread's last panic happened.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Sees to it that panics are kept, and printed only when the host asks for it. In a Rust program that
/// merely has the library among its dependencies the panics are the program's, and so is the hook.
pub(crate) fn prepare() {
    // Relaxed: one boot runs at a time.
    if image::self_starting() && !HOOKED.swap(true, Ordering::Relaxed) {
        let former = take_hook();
        set_hook(Box::new(move |info| {
            runtime::panicking();
            keep(info);
            // Relaxed: a wish, not a message.
            if PRINT.load(Ordering::Relaxed) {
                former(info);
            }
        }));
    }
}

/// Whether a hook of the library's own is there for good.
#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
pub(crate) fn is_hooked() -> bool {
    // Relaxed: as above, or written before a fork.
    HOOKED.load(Ordering::Relaxed)
}

/// Whether panics are printed as well.
pub(crate) fn print(wanted: bool) {
    PRINT.store(wanted, Ordering::Relaxed);
}

fn keep(info: &PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string);
    // Fails at a thread's very end, and in a panic while the place is written: then there is none.
    let _ = PLACE.try_with(|kept| {
        if let Ok(mut kept) = kept.try_borrow_mut() {
            *kept = place;
        }
    });
}

/// Runs `f`; a panic becomes its text: `panicked at src/lib.rs:7:5: the message`.
#[inline(always)]
pub(crate) fn caught<R>(f: impl FnOnce() -> R) -> Result<R, String> {
    // What the closure touched is either dropped by the unwinding or the author's own to keep right,
    // as with any thread that panics.
    if sabotage::NO_PANIC_CATCH {
        return Ok(f());
    }
    catch_unwind(AssertUnwindSafe(f)).map_err(text)
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
    let text = format!("panicked{place}: {message}");
    // A payload's destructor can panic too; that must not get out of here either.
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(second);
    }
    text
}
