//! The boot, and the runtime's main.

use core::ffi::c_int;

use rt0_core::{Boot, Status, generation, sabotage};

use crate::table::{self, table};
use crate::{attach, failure, notify, phase};

/// `RT0_LATER`
pub const LATER: c_int = 0x7fff_0000;

/// What the core calls on the boot thread.
pub fn boot(boot: Boot) {
    let table = table();
    let generation = generation::number();
    failure::forget();
    if !attach::prepare() && table.attach.is_some() {
        failure::keep(
            Status::NoThread.code(),
            Some(c"`attach` needs a thread-specific key of the C library's, and there is none for it"),
        );
        return boot.failed(Status::NoThread);
    }
    notify::open(boot, generation);
    // SAFETY (of both calls): these are the author's functions, called as `rt0.h` says.
    if let Some((former, how_far)) = phase::begin(generation) {
        if let Some(after_fork) = table.after_fork {
            // SAFETY: see above.
            unsafe { after_fork(table.user, former, how_far as i32) };
        }
    }
    let Some(start) = table.boot else { return };
    // Its own calls are answered at once, even if it goes on after it has notified.
    // SAFETY: see above.
    let code = attach::as_own_thread(|| unsafe { start(table.user, generation) });
    match code {
        LATER => {}
        0 => {
            let code = if sabotage::NO_NOTIFY_CHECK {
                0
            } else {
                Status::NotNotified.code()
            };
            // Ignored if it has notified, as it should.
            notify::notify(generation, code, None);
        }
        code => {
            notify::notify(generation, code, None);
        }
    }
}

/// What the core calls on the boot thread when boot is done.
pub fn main() {
    let table = table();
    if let Some(main) = table.main {
        // SAFETY: the author's function, called as `rt0.h` says.
        attach::as_own_thread(|| unsafe { main(table.user) });
    }
}

/// The boot of a library whose table is wrong.
pub fn refuse(boot: Boot) {
    if let Some(problem) = table::problem() {
        failure::keep(Status::InvalidArgument.code(), Some(problem));
    }
    boot.failed(Status::InvalidArgument);
}
