//! The boot itself, on whichever thread runs it: begins the next generation and runs the library's boot
//! function.

use rt0_abi::Status;

use crate::generation::timeline::Mark;
use crate::generation::{self, page};
use crate::library::{Boot, Library};
use crate::platform::kernel;
use crate::{fork, sabotage};

/// Runs the library's boot function. The caller has claimed the boot. False: the boot function has forked and
/// this is the child, where nothing is this thread's business any more.
pub(crate) fn run(library: &'static Library) -> bool {
    if page().end_has_begun() {
        page().gate.give_up(false);
        return true;
    }
    begin(library);
    page().timeline.set(Mark::Claimed);
    let number = page().number();
    let duty = Boot::new(library);
    match library.boot {
        Some(boot) => boot(duty),
        None => duty.failed(Status::NoBootEntry),
    }
    let present = page().number() == number;
    if present {
        // The boot function may have handed the duty to another thread. From here on the boot does not wait
        // for this thread.
        page().unset_boot_thread(kernel::this_thread());
    }
    present
}

/// Begins the next generation.
fn begin(library: &Library) {
    fork::prepare_if_not_yet(library.is_never_unloaded());
    fork::own_page();
    page().timeline.begin_generation();
    generation::renumber();
    page().set_boot_thread(kernel::this_thread());
}

/// Whether the boot, or the end of a generation, may be waiting for the calling thread.
pub fn on_own_thread(library: &Library) -> bool {
    if sabotage::NO_OWN_THREAD_CHECK {
        return false;
    }
    page().is_boot_thread(kernel::this_thread())
        || library
            .on_own_thread
            .is_some_and(|on_own_thread| on_own_thread())
}
