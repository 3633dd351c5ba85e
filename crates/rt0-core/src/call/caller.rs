//! The process as the gate sees it: what a caller may begin, and on which thread.

use core::time::Duration;

use rt0_abi::Status;

use crate::generation::timeline::Mark;
use crate::generation::{self, MAKING, page};
use crate::library::settings::{self, is_quiet};
use crate::library::{Library, Start, arguments};
use crate::platform::thread::signals::{self, Asker};
use crate::platform::{image, kernel, stack};
use crate::protocol::gate::Process;
use crate::sync::Deadline;
use crate::{boot, exit, sabotage};

/// How long the thread that ran the constructor waits for the boot thread to claim the boot. Long enough for
/// a new thread to get a processor, and short compared to any boot.
const GRACE_NANOS: u64 = 10_000_000;

/// How long any other thread waits for the boot thread to claim the boot before it makes a stand-in. This is
/// longer, because the thread inside the `dlopen`, if there is one, is the better one to boot: it holds the
/// loader's lock.
const STAND_IN_NANOS: u64 = 100_000_000;

/// The process in which a call is made.
pub(super) struct Caller<'a> {
    pub(super) library: &'static Library,
    /// For whom it is made, if not for this thread.
    pub(super) asked: Option<&'a Asked<'a>>,
}

/// For whom a thread of the library's passes the gate.
pub struct Asked<'a> {
    /// The host's thread.
    pub by: Asker,
    /// Whether anybody still waits. If not, no boot begins.
    pub still: &'a dyn Fn() -> bool,
}

impl Caller<'_> {
    fn asker(&self) -> Asker {
        let asked = self.asked.filter(|_| !sabotage::NO_ASKER);
        asked.map_or_else(signals::asker, |asked| asked.by)
    }

    fn is_wanted(&self) -> bool {
        sabotage::NO_STILL_ASKED || self.asked.is_none_or(|asked| (asked.still)())
    }
}

impl Process for Caller<'_> {
    fn may_start(&self) -> Result<(), Status> {
        if page().end_has_begun() || !self.is_wanted() {
            return Err(Status::Stopped);
        }
        arguments::capture_late();
        let manual = settings::of(self.library).start == Start::Manual;
        if manual && !generation::has_been_asked_for() {
            Err(Status::NotStarted)
        } else {
            Ok(())
        }
    }

    fn may_open(&self) -> Result<(), Status> {
        if page().end_has_begun() && !sabotage::NO_CLOSED_BOOT {
            return Err(Status::Stopped);
        }
        Ok(())
    }

    fn make_thread(&self) -> bool {
        !is_quiet(self.library) && boot::make_boot_thread(self.library, self.asker(), boot::TRIES)
    }

    fn boot_here(&self) -> Result<(), Status> {
        if page().thread() == MAKING {
            // Another caller is making the boot thread, and will soon know whether there is one.
            page().gate.give_up(true);
            return Ok(());
        }
        // A boot thread on its way will run `main`. Without a boot thread nobody would run it.
        let on_its_way = page().thread() != 0;
        let inside = page().is_constructor_thread(kernel::this_thread());
        if on_its_way && !inside && boot::make_stand_in(self.library) {
            return Ok(());
        }
        let last_resort = !sabotage::NO_INLINE_FALLBACK || is_quiet(self.library);
        let possible = on_its_way || (last_resort && !self.library.has_work_for_main());
        let booted = possible.then(|| {
            let settings = settings::of(self.library);
            let _blocked = signals::block_for_boot(settings.collector_signals, self.asker());
            stack::on_own_stack(settings.stack_size, || boot::run(self.library))
        });
        if booted.flatten().is_none() {
            page().gate.give_up(on_its_way);
            return Err(Status::NoThread);
        }
        Ok(())
    }

    fn on_own_thread(&self) -> bool {
        boot::on_own_thread(self.library)
    }

    fn grace(&self) -> Option<Deadline> {
        let page = page();
        let nanos = if page.is_constructor_thread(kernel::this_thread()) {
            (!sabotage::NO_INLINE_BOOT).then_some(GRACE_NANOS)
        } else {
            let at_barrier = page.has_constructor_thread();
            (at_barrier && !sabotage::NO_STAND_IN).then_some(STAND_IN_NANOS)
        };
        nanos.map(|nanos| Deadline::At(kernel::monotonic() + nanos))
    }

    fn failure(&self) -> Status {
        page().failure()
    }

    fn first_call(&self) {
        page().timeline.set(Mark::Called);
        if self.library.is_never_unloaded() {
            image::pin_again();
        }
        exit::register_at_first_call();
        let asked_for = settings::of(self.library).collector_signals;
        if signals::look_again(asked_for) {
            if let Some(settle) = self.library.settle_signals {
                settle();
            }
        }
    }

    fn may_retry(&self) -> bool {
        nanos_until_retry(self.library) == Some(0)
            && !boot::on_own_thread(self.library)
            && !page().end_has_begun()
    }

    fn end_failed(&self, deadline: Deadline) -> bool {
        // In a lost generation the thread that runs the library's main may still exist. The library knows how
        // to end it.
        let lost = page().failure() == Status::RuntimeLost;
        let ended = boot::passes_barrier_soon(deadline)
            && (lost || boot::join_boot_thread(deadline))
            && self.library.end_failed.is_none_or(|end| end(deadline));
        if ended {
            page().clear();
        }
        ended
    }

    fn waits_for_shutdown(&self) -> bool {
        !page().end_has_begun()
            && !boot::on_own_thread(self.library)
            && !sabotage::NO_SHUTDOWN_WAIT
            && self.library.waits_for_shutdown.is_some_and(|waits| waits())
    }
}

/// How long it takes until a call boots a failed library again. `None`: no call does.
pub fn retry_after(library: &Library) -> Option<Duration> {
    nanos_until_retry(library).map(Duration::from_nanos)
}

fn nanos_until_retry(library: &Library) -> Option<u64> {
    if page().failure() == Status::NoThread {
        // None of the author's code has run, and what was missing may be available again.
        return Some(0);
    }
    let pause = settings::of(library).retry_pause_ms?;
    if sabotage::NO_RETRY_PAUSE {
        return Some(0);
    }
    // A failed boot sets this mark, too.
    let failed = page().timeline.get(Mark::Ready).unwrap_or(0);
    let due = failed.saturating_add(u64::from(pause) * 1_000_000);
    Some(due.saturating_sub(kernel::monotonic()))
}
