//! For a library in a namespace of its own: tells the host's C library of our threads, although another C
//! library makes them. [`namespace`] says why.

use core::ffi::c_void;
use core::ptr::{null, null_mut};
use core::sync::atomic::{AtomicBool, Ordering};

use super::signals;
use crate::platform::loader::namespace;
use crate::sabotage;

/// Whether that C library has made a thread for us.
static TOLD: AtomicBool = AtomicBool::new(false);

/// In a namespace of its own, has the host's C library make a thread, and waits until it ends. From then on
/// that C library takes its locks. Must be called before we make a thread. If this returns false, the C
/// library could make no thread, and one of ours would corrupt the host's memory.
pub fn tell_of_threads() -> bool {
    // Acquire pairs with the Release below: the host's C library has been told.
    if TOLD.load(Ordering::Acquire) || sabotage::NO_THREAD_TOLD_OF {
        return true;
    }
    let Some(host) = namespace::hosts_threads() else {
        return true;
    };
    let mut handle = 0;
    let blocked = signals::block();
    // SAFETY: POSIX; `nothing` needs neither memory nor thread-locals.
    let result = unsafe { (host.create)(&mut handle, null(), nothing, null_mut()) };
    drop(blocked);
    if result != 0 {
        return false;
    }
    // SAFETY: POSIX; the thread was made just now, and is joined once.
    unsafe { (host.join)(handle, null_mut()) };
    // Release pairs with the Acquire above.
    TOLD.store(true, Ordering::Release);
    true
}

extern "C" fn nothing(_: *mut c_void) -> *mut c_void {
    null_mut()
}
