//! A C library that must know of our threads, although another one makes them: the host's, seen from a namespace
//! of its own ([`namespace`] says why).

use core::ffi::c_void;
use core::ptr::{null, null_mut};
use core::sync::atomic::{AtomicBool, Ordering};

use super::signals;
use crate::platform::loader::namespace;
use crate::sabotage;

/// Whether that C library has made a thread for us.
static TOLD: AtomicBool = AtomicBool::new(false);

/// In a namespace of its own, has the host's C library make a thread, and waits for its end: from then on that
/// library takes its locks. Must be called before we make a thread. If this returns false it got no thread, and
/// one of ours would corrupt the host's memory.
pub fn tell_of_threads() -> bool {
    // Acquire pairs with the Release below: the host's C library has heard of it.
    if TOLD.load(Ordering::Acquire) || sabotage::NO_THREAD_TOLD_OF {
        return true;
    }
    let Some(host) = namespace::hosts_threads() else {
        return true;
    };
    let mut handle = 0;
    let blocked = signals::block();
    // SAFETY: POSIX; `nothing` needs neither memory nor a thread-local of anybody's.
    let result = unsafe { (host.create)(&mut handle, null(), nothing, null_mut()) };
    drop(blocked);
    if result != 0 {
        return false;
    }
    // SAFETY: POSIX; made just now, and joined once.
    unsafe { (host.join)(handle, null_mut()) };
    // Release pairs with the Acquire above.
    TOLD.store(true, Ordering::Release);
    true
}

extern "C" fn nothing(_: *mut c_void) -> *mut c_void {
    null_mut()
}
