//! The function that a library is given to call back.

use std::sync::atomic::{AtomicI32, AtomicPtr, AtomicU64, Ordering};

use super::system::tid;

static COUNT: AtomicU64 = AtomicU64::new(0);
static CALLER: AtomicI32 = AtomicI32::new(0);
static HOOK: AtomicPtr<()> = AtomicPtr::new(std::ptr::null_mut());

/// How often the library has called back in this process.
pub fn callbacks() -> u64 {
    // Acquire: pairs with the release in `called`.
    COUNT.load(Ordering::Acquire)
}

/// The thread on which the library has called back last; 0 if it has not.
pub fn last_caller() -> i32 {
    // Acquire: as above.
    CALLER.load(Ordering::Acquire)
}

/// From now on each callback runs this on its thread.
pub fn on_callback(hook: fn()) {
    // Release: pairs with the acquire in `called`.
    HOOK.store(hook as *mut (), Ordering::Release);
}

/// What the library calls. Whatever arguments it passes are the caller's affair by every calling convention that a
/// supported system has, and a result that is not wanted is not looked at.
pub(super) extern "C" fn called() -> usize {
    // Release: pairs with the acquires above.
    CALLER.store(tid(), Ordering::Release);
    COUNT.fetch_add(1, Ordering::Release);
    // Acquire: pairs with the release in `on_callback`.
    let hook = HOOK.load(Ordering::Acquire);
    if !hook.is_null() {
        // SAFETY: only `on_callback` stores here, and it stores such a function.
        let hook = unsafe { std::mem::transmute::<*mut (), fn()>(hook) };
        hook();
    }
    0
}
