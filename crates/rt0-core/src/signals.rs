//! Which signals the library's threads leave to the host.
//!
//! - Asynchronous ones are blocked: the host's threads take them. A thread inherits the mask of the one that
//!   made it, so blocking around the making is enough for the boot thread and all that it makes. SIGABRT is
//!   among them: what one process sends another is meant for whoever reads it.
//! - Faults stay open, for the host's crash reporter, and so do those that the C library sends threads.
//! - Masks are only added to, and put back. What a host has blocked may be pending: unblocked for a moment,
//!   also on a thread of our own, it ends the process.
//!
//! Some signals a host sends to one thread, and waits until that has taken it: so collectors stop all threads
//! that have called into their virtual machine, and a library's thread that calls the host back is one. Of
//! the signals that they use ([`sys::COLLECTORS`], and [`sys::USR`] where the library or the host's
//! environment says so) those are open in which the host sees no others:
//!
//! - The process has a *handler*. Whoever reads a signal by `sigwait` or a descriptor needs none, and
//!   the default action would hit the process all the same.
//! - The *first thread* has it open. The kernel prefers that one for what is sent to the process, so it does not
//!   come to ours. Where it can't be known, they stay blocked.
//! - The thread that *loaded* us has it open, too.
//!
//! And in the same way SIGABRT: `abort` of musl, and of glibc from 2.41 on, raises it before it unblocks it. On
//! a thread that blocks it the process ends without the host's handler.
//!
//! Each thread finds it out for itself ([`settle`]), so that a load does not wait for it: some thirty system
//! calls, and a file where any of these signals has a handler. A host may install them later than it loads
//! us: the first call has all threads look again.

use core::sync::atomic::{AtomicU32, Ordering};

use crate::library::{CollectorSignals, Library, this_library};
use crate::sys::SignalMask;
use crate::{sabotage, settings, sys};

/// What is blocked, but for what the host makes an exception of.
fn asynchronous() -> SignalMask {
    let open = bits(&sys::FAULTS) | bits(sys::signals_of_the_c_library());
    let abort = if sabotage::NO_ABORT_BLOCK {
        sys::ABORT
    } else {
        0
    };
    !(open | abort)
}

fn bits(signals: &[u32]) -> SignalMask {
    signals
        .iter()
        .fold(0, |set, signal| set | 1 << (signal - 1))
}

/// Adds to this thread's mask; the former one.
fn block(mask: SignalMask) -> SignalMask {
    if sabotage::NO_MASK_KEPT {
        return sys::set_signal_mask(mask);
    }
    sys::block_signals(mask)
}

/// Runs `f` with the asynchronous signals blocked on this thread, and puts its mask back.
pub fn blocked<R>(f: impl FnOnce() -> R) -> R {
    with_blocked(asynchronous(), f)
}

/// The same for a boot on this thread, which is the host's: what its own threads' signals are is open.
pub(crate) fn blocked_for_boot<R>(library: &Library, f: impl FnOnce() -> R) -> R {
    note_loader();
    with_blocked(asynchronous() & !exceptions(library), f)
}

fn with_blocked<R>(mask: SignalMask, f: impl FnOnce() -> R) -> R {
    if sabotage::NO_SIGNAL_BLOCK {
        return f();
    }
    let former = block(mask);
    let result = f();
    sys::set_signal_mask(former);
    result
}

/// What each of the library's own threads does first, and when it looks again: blocks the asynchronous
/// signals, and opens what the host makes an exception of. Only for threads that the C library knows of.
pub fn settle() {
    if sabotage::NO_SIGNAL_BLOCK {
        return;
    }
    let open = this_library().map_or(0, exceptions);
    let former = block(asynchronous() & !open);
    if former & open != 0 {
        sys::unblock_signals(open);
    }
}

/// How often the library's threads were asked to look again.
static ASKED: AtomicU32 = AtomicU32::new(0);

/// Has the library's threads look again, each when it next has something to do.
pub(crate) fn look_again() {
    if !sabotage::NO_SECOND_LOOK {
        // Release pairs with the Acquire in `asked`: what the host has installed by then is seen.
        ASKED.fetch_add(1, Ordering::Release);
    }
}

/// Another number each time that the library's threads are to [`settle`] again.
pub fn asked() -> u32 {
    // Acquire pairs with the Release in `look_again`.
    ASKED.load(Ordering::Acquire)
}

const WORDS: usize = size_of::<SignalMask>() / size_of::<u32>();

/// What the thread blocked that had the boot thread made: the one that loads the library, as a rule.
static LOADER: [AtomicU32; WORDS] = [const { AtomicU32::new(0) }; WORDS];

/// This thread has the boot thread made.
pub(crate) fn note_loader() {
    let mask = sys::block_signals(0);
    for (i, word) in LOADER.iter().enumerate() {
        // Relaxed: read by the threads that are made after this, directly or by others.
        word.store((mask >> (32 * i)) as u32, Ordering::Relaxed);
    }
}

fn blocked_by_loader() -> SignalMask {
    LOADER.iter().rev().fold(0, |mask, word| {
        mask.unbounded_shl(32) | SignalMask::from(word.load(Ordering::Relaxed))
    })
}

/// Those of the asynchronous signals that may come to this library's threads.
fn exceptions(library: &Library) -> SignalMask {
    if sabotage::NO_COLLECTOR_SIGNALS {
        return 0;
    }
    let asked_for = match settings::collector_signals(library) {
        CollectorSignals::None => 0,
        CollectorSignals::Usual => sys::COLLECTORS,
        CollectorSignals::Usr => sys::COLLECTORS | sys::USR,
    };
    let possible = (asked_for | sys::ABORT) & asynchronous();
    let caught = (1..=SignalMask::BITS)
        .filter(|signal| possible >> (signal - 1) & 1 == 1)
        .filter(|signal| sabotage::NO_HANDLER_CHECK || sys::is_caught(*signal))
        .fold(0, |set, signal| set | 1 << (signal - 1));
    let caught = caught & !blocked_by_loader();
    if caught == 0 || sabotage::NO_FIRST_THREAD_CHECK {
        return caught;
    }
    sys::first_threads_mask().map_or(0, |blocked| caught & !blocked)
}
