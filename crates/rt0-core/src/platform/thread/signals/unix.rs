//! Which signals the library's threads leave to the host.
//!
//! - Asynchronous signals are blocked: the host's threads take them. A thread inherits its creator's mask, so
//!   it is enough to block them while the boot thread is made, for it and for all threads that it makes.
//!   SIGABRT is blocked, too: if another process sends it, it is meant for the thread that waits for it.
//! - Faults stay open, for the host's crash reporter. So do the signals that the C library sends to threads.
//! - We only add to masks, and restore them. A signal that the host has blocked may be pending. Unblocking it
//!   for a moment, even on a thread of our own, ends the process.
//!
//! A host sends some signals to one thread, and waits until that thread has handled it. This is how garbage
//! collectors stop all threads that have called into their virtual machine, and a library's thread that calls
//! back into the host is such a thread. Of the signals that collectors use ([`kernel::COLLECTORS`], and
//! [`kernel::USR`] if the library or the host's environment asks for it), we unblock those that meet all of
//! these conditions:
//!
//! - The process has a *handler* for it. A host that reads the signal with `sigwait` or a descriptor needs no
//!   handler, and the default action would hit the whole process.
//! - The *first thread* has it open. The kernel prefers the first thread for a signal that is sent to the
//!   process, so such a signal does not reach our threads. If the first thread's mask can't be known, the
//!   signals stay blocked.
//! - The thread that *loaded* us has it open, too.
//!
//! The same goes for SIGABRT: `abort` of musl, and of glibc from 2.41 on, raises it before unblocking it. On
//! a thread that blocks it, the process would end without running the host's handler.
//!
//! The boot thread finds this out when it begins, so that a load does not wait for it. It takes some thirty
//! system calls, and reads a file if one of these signals has a handler and another than the first thread
//! loaded us. A host may install handlers later. So the first call looks again, on its own thread. We know
//! that the host is not stopping all its threads at that moment, with everything blocked on the first one.
//! Each of the library's threads then applies the result when it next has something to do.

use core::marker::PhantomData;
use core::sync::atomic::{AtomicU32, Ordering};

use super::CollectorSignals;
use crate::platform::kernel::{self, SignalMask};
use crate::platform::thread::pause;
use crate::sabotage;

/// The signals that are blocked, before any exceptions for the host.
fn asynchronous() -> SignalMask {
    let open = FAULTS | bits(kernel::signals_of_the_c_library());
    let abort = if sabotage::NO_ABORT_BLOCK {
        kernel::ABORT
    } else {
        0
    };
    !(open | abort)
}

const FAULTS: SignalMask = bits(kernel::FAULTS);

const fn bits(signals: &[u32]) -> SignalMask {
    let (mut set, mut at) = (0, 0);
    while at < signals.len() {
        set |= 1 << (signals[at] - 1);
        at += 1;
    }
    set
}

/// Adds to this thread's mask and returns the former one.
fn block_signals(mask: SignalMask) -> SignalMask {
    if sabotage::NO_MASK_KEPT {
        return kernel::set_signal_mask(mask);
    }
    kernel::block_signals(mask)
}

#[must_use = "dropping this restores the mask"]
pub struct Blocked {
    former: Option<SignalMask>,
    /// The mask belongs to one thread.
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

pub fn block_for_boot(asked_for: CollectorSignals, asker: Asker) -> Blocked {
    note_loader(asker);
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
    // Acquire pairs with the Release in `look_again`: whoever sees the new count sees the new mask.
    CHANGES.load(Ordering::Acquire)
}

/// A mask that threads share, in words small enough for every processor's atomics.
struct Shared([AtomicU32; WORDS]);

const WORDS: usize = size_of::<SignalMask>() / size_of::<u32>();

// Relaxed, both: something else orders the writer before the readers, or `CHANGES` does. If two threads store
// at once, each bit is from one or the other, and both are right.
impl Shared {
    const fn new() -> Shared {
        Shared([const { AtomicU32::new(0) }; WORDS])
    }

    #[allow(
        clippy::unnecessary_cast,
        reason = "macOS has all signals in one such word"
    )]
    fn store(&self, mask: SignalMask) {
        for (i, word) in (0..).zip(&self.0) {
            word.store((mask >> (i * u32::BITS)) as u32, Ordering::Relaxed);
        }
    }

    fn load(&self) -> SignalMask {
        (0..).zip(&self.0).fold(0, |mask, (i, word)| {
            mask | SignalMask::from(word.load(Ordering::Relaxed)) << (i * u32::BITS)
        })
    }
}

/// The signals that may reach the library's threads, as found out at the boot and by the first call. These
/// are two words because a boot thread can be so late that the boot, on another thread, and the first call
/// overtake it.
static OPEN: [Shared; 2] = [const { Shared::new() }; 2];

/// Which of the two is in force.
static HOLDS: AtomicU32 = AtomicU32::new(AT_BOOT);

const AT_BOOT: u32 = 0;
const AT_FIRST_CALL: u32 = 1;

fn open() -> SignalMask {
    // Acquire pairs with the Release in `look_again`.
    OPEN[HOLDS.load(Ordering::Acquire) as usize].load()
}

/// How often a first call has changed the mask in force.
static CHANGES: AtomicU32 = AtomicU32::new(0);

#[derive(Clone, Copy, Debug)]
pub struct Asker {
    blocks: SignalMask,
    is_first: bool,
}

pub fn asker() -> Asker {
    Asker {
        blocks: kernel::block_signals(0),
        is_first: kernel::is_first_thread(),
    }
}

/// What was blocked on the thread for which the boot thread was made. As a rule, that is the thread that loaded
/// us.
static LOADER: Shared = Shared::new();

/// 1 if that was the process's first thread.
static LOADER_IS_FIRST: AtomicU32 = AtomicU32::new(0);

pub fn note_loader(asker: Asker) {
    LOADER.store(asker.blocks);
    // Relaxed: its readers are threads that are made after this, and calls, which the gate orders.
    LOADER_IS_FIRST.store(asker.is_first.into(), Ordering::Relaxed);
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

/// Which of the asynchronous signals may reach this library's threads. `first` is what the first thread
/// blocks, if the caller knows.
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
    let mut caught = 0;
    for bit in 0..SignalMask::BITS {
        let is_possible = possible >> bit & 1 == 1;
        if is_possible && (sabotage::NO_HANDLER_CHECK || kernel::is_caught(bit + 1)) {
            caught |= 1 << bit;
        }
    }
    if caught == 0 || sabotage::NO_BLOCKED_CHECK {
        return caught;
    }
    match first.or_else(first_threads_mask) {
        Some(blocked) => caught & !blocked,
        None => 0,
    }
}

/// What the first thread blocks, asked on another thread. While the first thread makes a thread or a child,
/// the C library has it block everything, for some microseconds or until it has a processor again. So try
/// again then.
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
