//! The stand-in: a thread that boots in place of a boot thread that another thread's `dlopen` holds up.

use core::ffi::c_void;
use core::ptr::null_mut;

use super::name::name_thread;
use super::run::run;
use crate::generation::{MAKING, page};
use crate::library::{Library, settings};
use crate::platform::thread::{self, pause};

/// Makes a thread that runs the boot while the boot thread is behind the barrier. The caller has claimed the
/// boot. It does not run the boot itself, because what the boot waits for may need the loader, and the caller
/// may be the one that keeps the loader locked. This way the caller still has its deadline.
pub(crate) fn make_stand_in(library: &'static Library) -> bool {
    let data = library as *const Library as *mut c_void;
    page().set_stand_in(MAKING);
    let made = thread::create(stand_in, data, settings::of(library).stack_size);
    page().set_stand_in(*made.as_ref().unwrap_or(&0));
    made.is_ok()
}

extern "C" fn stand_in(library: *mut c_void) -> *mut c_void {
    // SAFETY: `make_stand_in` passes the library's table, which is a static.
    let library = unsafe { &*library.cast_const().cast::<Library>() };
    name_thread(library.name, "-boot");
    thread::settle_signals();
    run(library);
    null_mut()
}

/// Joins the stand-in, if there was one. Its boot is over. Only the boot thread calls this.
pub(super) fn join_stand_in() {
    let page = page();
    // The stand-in's boot can be over before the thread that made it has been told its handle.
    while page.stand_in() == MAKING {
        pause();
    }
    if page.stand_in() != 0 {
        // SAFETY: `thread::create` made the handle, and it is joined only here.
        unsafe { thread::join(page.stand_in()) };
        page.set_stand_in(0);
    }
}
