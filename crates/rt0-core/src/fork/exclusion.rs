//! Sections that a fork waits for.
//!
//! std has locks around what exists once in a process, such as its panic hook, and glibc's `fork` does not
//! take care of its lock around the handlers of `exit`. If a process forks while another thread holds one of
//! these locks, the child waits for it for ever. No flag of ours can tell the child, because a fork copies
//! the memory of a process page by page while the other threads go on. So a fork waits until no thread is in
//! such a section, and a thread that is about to enter one while the process forks waits for the fork. The
//! sections take microseconds. Neither side waits longer than [`PAUSES`]: the two may wait for each other in
//! a way that can't be seen from here.
//!
//! ```text
//!   such a section                  a fork
//!   IN_SECTION + 1                  IN_FORK + 1
//!   IN_FORK = 0?                    IN_SECTION = 0?
//!     no: IN_SECTION - 1, try again   no: look again
//!     yes: go on                      yes: go on
//!   IN_SECTION - 1                  IN_FORK - 1, in the parent
//! ```

use core::marker::PhantomData;
use core::sync::atomic::{AtomicU32, Ordering};

use crate::platform::thread::pause;
use crate::sabotage;

/// How many pauses, of a millisecond each, one side waits for the other. They are counted and not timed: on a
/// busy machine each takes longer, and so does the section, whose thread may have no processor.
const PAUSES: u32 = 1_000;

/// How many threads are in such a section.
static IN_SECTION: AtomicU32 = AtomicU32::new(0);

/// How many threads are inside `fork`.
static IN_FORK: AtomicU32 = AtomicU32::new(0);

// SeqCst on both sides: at least one of the two sees the other (Dekker).

/// A section that a fork waits for: from [`begin`](NoFork::begin) until this is dropped.
#[must_use = "the section ends when this is dropped"]
pub struct NoFork {
    /// The section ends on the thread that began it.
    _not_send: PhantomData<*mut ()>,
}

impl NoFork {
    /// Begins the section.
    pub fn begin() -> NoFork {
        let mut pauses = 0;
        loop {
            IN_SECTION.fetch_add(1, Ordering::SeqCst);
            if IN_FORK.load(Ordering::SeqCst) == 0 || pauses == PAUSES {
                return NoFork {
                    _not_send: PhantomData,
                };
            }
            IN_SECTION.fetch_sub(1, Ordering::SeqCst);
            pause();
            pauses += 1;
        }
    }
}

impl Drop for NoFork {
    fn drop(&mut self) {
        IN_SECTION.fetch_sub(1, Ordering::SeqCst);
    }
}

/// In the parent, before a fork.
pub(super) fn before_fork() {
    IN_FORK.fetch_add(1, Ordering::SeqCst);
    let is_held = || !sabotage::NO_HOLD && IN_SECTION.load(Ordering::SeqCst) != 0;
    // Where it is not held, not even the clock is read: a read notes the time, on a page that the parent
    // shares with its last child, and the kernel would copy it.
    let mut pauses = 0;
    while is_held() && pauses < PAUSES {
        pause();
        pauses += 1;
    }
}

/// In the parent, after it.
pub(super) fn after_fork() {
    IN_FORK.fetch_sub(1, Ordering::SeqCst);
}

/// In the child, where this is the only thread.
pub(super) fn in_child() {
    // Relaxed: there is no other thread.
    IN_SECTION.store(0, Ordering::Relaxed);
    IN_FORK.store(0, Ordering::Relaxed);
}
