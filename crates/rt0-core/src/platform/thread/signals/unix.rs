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
//! the signals that they use ([`kernel::COLLECTORS`], and [`kernel::USR`] where the library or the host's
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
//! The boot thread finds this out when it begins, so that a load does not wait for it: by some thirty system
//! calls, and a file where one of these signals has a handler and it was not the first thread that loaded us.
//! A host may install handlers later than that: so the first call looks again, on its own thread. There it is
//! known that the host is not just stopping all its threads, with everything blocked on the first one. All
//! threads of the library's then do what was found out, each when it next has something to do.

use core::marker::PhantomData;
use core::sync::atomic::{AtomicU32, Ordering};

use super::CollectorSignals;
use crate::platform::kernel::{self, SignalMask};
use crate::platform::thread::pause;
use crate::sabotage;

/// What is blocked, but for what the host makes an exception of.
fn asynchronous() -> SignalMask {
    let open = bits(kernel::FAULTS) | bits(kernel::signals_of_the_c_library());
    let abort = if sabotage::NO_ABORT_BLOCK {
        kernel::ABORT
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
fn block_signals(mask: SignalMask) -> SignalMask {
    if sabotage::NO_MASK_KEPT {
        return kernel::set_signal_mask(mask);
    }
    kernel::block_signals(mask)
}

#[must_use = "the mask is put back when this is dropped"]
pub struct Blocked {
    former: Option<SignalMask>,
    /// The mask is its thread's.
    _not_send: PhantomData<*mut ()>,
}

impl Blocked {
    fn new(mask: SignalMask) -> Blocked {
        Blocked {
            former: (!sabotage::NO_SIGNAL_BLOCK).then(|| block_signals(mask)),
            _not_send: PhantomData,
        }
    }
}

impl Drop for Blocked {
    fn drop(&mut self) {
        if let Some(former) = self.former {
            kernel::set_signal_mask(former);
        }
    }
}

pub fn block() -> Blocked {
    Blocked::new(asynchronous())
}

pub fn block_for_boot(asked_for: CollectorSignals) -> Blocked {
    note_loader();
    look(asked_for);
    Blocked::new(asynchronous() & !open())
}

pub fn settle() {
    if sabotage::NO_SIGNAL_BLOCK {
        return;
    }
    let open = open();
    let former = block_signals(asynchronous() & !open);
    if former & open != 0 {
        kernel::unblock_signals(open);
    }
}

pub fn changes() -> u32 {
    // Acquire pairs with the Release in `look_again`: what was found out is seen.
    CHANGES.load(Ordering::Acquire)
}

/// A mask that threads share, in words that every processor can write at once.
struct Shared([AtomicU32; size_of::<SignalMask>() / size_of::<u32>()]);

// Relaxed, both: what is read is meant for the readers by what orders the threads besides, or comes with
// `CHANGES`. Of two that store at once each bit is one's or the other's: both are right.
impl Shared {
    const fn new() -> Shared {
        Shared([const { AtomicU32::new(0) }; _])
    }

    fn store(&self, mask: SignalMask) {
        let bytes = mask.to_le_bytes();
        for (word, bytes) in self.0.iter().zip(bytes.as_chunks().0) {
            word.store(u32::from_le_bytes(*bytes), Ordering::Relaxed);
        }
    }

    fn load(&self) -> SignalMask {
        self.0.iter().rev().fold(0, |mask, word| {
            mask.unbounded_shl(32) | SignalMask::from(word.load(Ordering::Relaxed))
        })
    }
}

/// What may come to the library's threads, as was found out at the boot and by the first call. Apart, for a boot
/// thread can be so late that the boot, on another thread, and the first call overtake it.
static OPEN: [Shared; 2] = [const { Shared::new() }; 2];

/// Which of the two holds.
static HOLDS: AtomicU32 = AtomicU32::new(AT_BOOT);

const AT_BOOT: u32 = 0;
const AT_FIRST_CALL: u32 = 1;

fn open() -> SignalMask {
    // Acquire pairs with the Release in `look_again`.
    OPEN[HOLDS.load(Ordering::Acquire) as usize].load()
}

/// How often a first call has changed that.
static CHANGES: AtomicU32 = AtomicU32::new(0);

/// What the thread blocked that had the boot thread made: the one that loads the library, as a rule.
static LOADER: Shared = Shared::new();

/// 1 when that was the first thread of the process.
static LOADER_IS_FIRST: AtomicU32 = AtomicU32::new(0);

pub fn note_loader() {
    LOADER.store(kernel::block_signals(0));
    // Relaxed: read by the threads that are made after this, and by calls, which the gate orders.
    LOADER_IS_FIRST.store(kernel::is_first_thread().into(), Ordering::Relaxed);
    HOLDS.store(AT_BOOT, Ordering::Relaxed);
}

pub fn look(asked_for: CollectorSignals) {
    let known = LOADER_IS_FIRST.load(Ordering::Relaxed) == 1;
    let found = exceptions(asked_for, known.then(|| LOADER.load()));
    OPEN[AT_BOOT as usize].store(found);
}

pub fn look_again(asked_for: CollectorSignals) -> bool {
    if sabotage::NO_SECOND_LOOK {
        return false;
    }
    let known = kernel::is_first_thread();
    let found = exceptions(asked_for, known.then(|| kernel::block_signals(0)));
    let changed = found != open();
    OPEN[AT_FIRST_CALL as usize].store(found);
    // Release pairs with the Acquire in `open`.
    HOLDS.store(AT_FIRST_CALL, Ordering::Release);
    if changed {
        // Release pairs with the Acquire in `changes`.
        CHANGES.fetch_add(1, Ordering::Release);
    }
    changed
}

/// Those of the asynchronous signals that may come to this library's threads.
fn exceptions(asked_for: CollectorSignals, first: Option<SignalMask>) -> SignalMask {
    if sabotage::NO_COLLECTOR_SIGNALS {
        return 0;
    }
    let asked_for = match asked_for {
        CollectorSignals::None => 0,
        CollectorSignals::Usual => kernel::COLLECTORS,
        CollectorSignals::Usr => kernel::COLLECTORS | kernel::USR,
    };
    let by_loader = match sabotage::NO_BLOCKED_CHECK {
        true => 0,
        false => LOADER.load(),
    };
    let possible = (asked_for | kernel::ABORT) & asynchronous() & !by_loader;
    let caught = (1..=SignalMask::BITS)
        .filter(|signal| possible >> (signal - 1) & 1 == 1)
        .filter(|signal| sabotage::NO_HANDLER_CHECK || kernel::is_caught(*signal))
        .fold(0, |set, signal| set | 1 << (signal - 1));
    if caught == 0 || sabotage::NO_BLOCKED_CHECK {
        return caught;
    }
    match first.or_else(first_threads_mask) {
        Some(blocked) => caught & !blocked,
        None => 0,
    }
}

/// What the first thread blocks, for another. While that one makes a thread or a child, the C library has it
/// block everything: for some microseconds, or until it has a processor again.
fn first_threads_mask() -> Option<SignalMask> {
    const AT_ONCE: u32 = 5;
    const TRIES: u32 = 500;
    for tried in 0..TRIES {
        let mask = kernel::first_threads_mask()?;
        if !kernel::may_be_for_a_moment(mask) || sabotage::NO_MOMENT_CHECK {
            return Some(mask);
        }
        if tried >= AT_ONCE {
            pause();
        }
    }
    None
}
