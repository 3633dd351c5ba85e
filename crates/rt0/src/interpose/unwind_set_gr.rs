//! The library's own `_Unwind_SetGR`, which first makes sure that the unwinder inside the library is set up.
//!
//! Another unwinder may go through our frames first: `pthread_cancel` and C++ use the process's own, in
//! `libgcc_s.so.1`. At a frame with something to drop it asks std what to do, and std writes registers with
//! the functions of our unwinder. Those end the process if our unwinder has never begun to unwind, because it
//! learns the registers' sizes only then.

use std::ffi::{c_int, c_void};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, Ordering};

use rt0_core::platform::weak_symbols;
use rt0_core::sabotage;

rt0_core::define_function!("rt0_unwind_set_gr", set_register);

unsafe extern "C" {
    /// The Itanium C++ ABI's: calls a function for each frame of this thread, until it returns something else
    /// than 0.
    fn _Unwind_Backtrace(
        frame: unsafe extern "C" fn(*mut c_void, *mut c_void) -> c_int,
        argument: *mut c_void,
    ) -> c_int;
}

/// `_Unwind_SetGR`.
unsafe extern "C" fn set_register(context: *mut c_void, register: c_int, value: usize) {
    if !sabotage::NO_UNWINDER_SET_UP {
        set_up();
    }
    if let Some(set) = weak_symbols::real_unwind_set_gr() {
        // SAFETY: our caller's arguments, passed on.
        unsafe { set(context, register, value) };
    }
}

fn set_up() {
    static DONE: AtomicBool = AtomicBool::new(false);
    // Relaxed: twice does no harm, and the unwinder has a lock of its own for this.
    if DONE.load(Ordering::Relaxed) {
        return;
    }
    // SAFETY: the ABI's function, with one that stops at the first frame.
    unsafe { _Unwind_Backtrace(stop, null_mut()) };
    DONE.store(true, Ordering::Relaxed);
}

unsafe extern "C" fn stop(_context: *mut c_void, _argument: *mut c_void) -> c_int {
    const NORMAL_STOP: c_int = 4;
    NORMAL_STOP
}
