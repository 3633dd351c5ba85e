//! What a process has one of, made when it is first needed and never freed. It is reached through the generation page,
//! so a fork's child begins without, and never touches a lock of its parent's.

use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

/// # Safety
/// Nothing else uses the word.
pub(crate) unsafe trait OfProcess: Sized + Sync + 'static {
    /// The word on the page that leads to it.
    fn word() -> &'static AtomicPtr<()>;

    /// Where to note the one made last, in this process or an ancestor: only for leak checkers.
    fn last() -> &'static AtomicPtr<Self>;

    /// The one of this process, if there is one.
    fn present() -> Option<&'static Self> {
        // Acquire pairs with the Release in `present_or`.
        let found = Self::word().load(Ordering::Acquire).cast::<Self>();
        // SAFETY: `present_or` stored a leaked box, as nothing else uses the word, or the page is as the kernel made
        // it: null.
        unsafe { found.as_ref() }
    }

    /// The one of this process.
    fn present_or(make: impl FnOnce() -> Self) -> &'static Self {
        if let Some(found) = Self::present() {
            return found;
        }
        let new = Box::into_raw(Box::new(make()));
        // Release pairs with the Acquire in `present`.
        let stored = Self::word().compare_exchange(
            null_mut(),
            new.cast(),
            Ordering::Release,
            Ordering::Relaxed,
        );
        match stored {
            // Relaxed: nobody follows the pointer.
            Ok(_) => Self::last().store(new, Ordering::Relaxed),
            // SAFETY: the box was made above, and nobody else has seen it.
            Err(_) => drop(unsafe { Box::from_raw(new) }),
        }
        Self::present().expect("it was stored")
    }
}
