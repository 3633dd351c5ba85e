//! The process as the gate sees it: what a caller may begin, and on which thread.

use core::time::Duration;

use rt0_abi::Status;

use super::threads::{
    self, is_boot_thread_at_barrier, join_boot_thread, make_stand_in, outside_dlopen,
};
use super::{is_quiet, on_own_thread, retry_after, run};
use crate::gate::Process;
use crate::generation::{self, MAKING, page};
use crate::library::{Library, Start};
use crate::sync::Deadline;
use crate::{args, exit, image, sabotage, settings, signals, stack, sys};

/// How long the thread that ran the constructor waits for the boot thread to claim the boot. Long
/// enough for a new thread to get a processor; short against any boot.
const GRACE_NANOS: u64 = 10_000_000;

/// How long any other thread waits for that before it has a stand-in made. Longer: the thread inside
/// the `dlopen`, if there is one, is the better one to boot, for it has what the loader keeps locked.
const STAND_IN_NANOS: u64 = 100_000_000;

/// The process that a call is made in.
pub(super) struct Here {
    pub(super) library: &'static Library,
}

impl Process for Here {
    fn may_start(&self) -> Result<(), Status> {
        if exit::begun() {
            return Err(Status::Stopped);
        }
        args::capture(None);
        let manual = settings::start(self.library) == Start::Manual;
        if manual && !generation::started() {
            Err(Status::NotStarted)
        } else {
            Ok(())
        }
    }

    fn make_thread(&self) -> bool {
        !is_quiet(self.library) && threads::make_boot_thread(self.library, threads::TRIES)
    }

    fn boot_here(&self) -> Result<(), Status> {
        if page().thread() == MAKING {
            // Another caller is about to know whether there will be a boot thread.
            page().gate.give_up(true);
            return Ok(());
        }
        // A boot thread that is on its way will run `main`. Without one there is nobody to run it.
        let on_its_way = page().thread() != 0;
        let inside = page().is_constructor_thread(sys::this_thread());
        if on_its_way && !inside && make_stand_in(self.library) {
            return Ok(());
        }
        let last_resort = !sabotage::NO_INLINE_FALLBACK || is_quiet(self.library);
        let possible = on_its_way || (last_resort && !self.library.needs_thread());
        let booted = possible.then(|| {
            let size = settings::stack_size(self.library);
            let boot = || stack::on_own_stack(size, || run(self.library));
            signals::blocked_for_boot(self.library, boot)
        });
        if booted.flatten().is_none() {
            page().gate.give_up(on_its_way);
            return Err(Status::NoThread);
        }
        Ok(())
    }

    fn on_own_thread(&self) -> bool {
        on_own_thread(self.library)
    }

    fn grace(&self) -> Option<Deadline> {
        let page = page();
        let nanos = if page.is_constructor_thread(sys::this_thread()) {
            (!sabotage::NO_INLINE_BOOT).then_some(GRACE_NANOS)
        } else {
            let at_barrier = page.has_constructor_thread();
            (at_barrier && !sabotage::NO_STAND_IN).then_some(STAND_IN_NANOS)
        };
        nanos.map(|nanos| Deadline::At(sys::monotonic() + nanos))
    }

    fn failure(&self) -> Status {
        page().failure()
    }

    fn first_call(&self) {
        if self.library.stays() {
            image::pin_again();
        }
        exit::prepare_again();
        signals::look_again(self.library);
    }

    fn may_retry(&self) -> bool {
        retry_after(self.library) == Some(Duration::ZERO)
            && !on_own_thread(self.library)
            && !exit::begun()
    }

    fn end_failed(&self, deadline: Deadline) -> bool {
        // Of what is lost, the thread of the library's main may be there. The library knows how to end it.
        let lost = page().failure() == Status::RuntimeLost;
        let ended = passes_barrier(deadline)
            && (lost || join_boot_thread(deadline))
            && self.library.end_failed.is_none_or(|end| end(deadline));
        if ended {
            page().clear();
        }
        ended
    }

    fn waits_for_shutdown(&self) -> bool {
        !exit::begun()
            && !on_own_thread(self.library)
            && !sabotage::NO_SHUTDOWN_WAIT
            && self.library.waits_for_shutdown.is_some_and(|waits| waits())
    }
}

/// Waits for the boot thread to pass the loader barrier, where there is one: before that it can't end, and so
/// can't be joined. No longer than for its boot: the `dlopen` may wait for this call, or be this thread's. It
/// is mostly over, and the boot thread has had no processor yet: on a busy machine the boot, on another
/// thread, has failed by then.
fn passes_barrier(deadline: Deadline) -> bool {
    if !is_boot_thread_at_barrier() {
        return true;
    }
    if sabotage::NO_LATE_WAIT {
        return false;
    }
    let patience = Deadline::At(sys::monotonic() + STAND_IN_NANOS);
    outside_dlopen(deadline.min(patience)).is_ok()
}
