//! Stretches that a fork waits for.
//!
//! std has locks around what a process has once, such as its panic hook; glibc's `fork` does not look after
//! the one around the handlers of `exit`. A child that is forked while another thread holds one of them
//! waits for it for ever, and no word of ours can tell it: a fork copies the memory of a process page by
//! page, while the other threads go on. So a fork waits until nobody is in such a stretch; and a thread that comes to
//! one while the process forks waits for that. The stretches take microseconds. Nobody waits longer than
//! [`LONGEST`]: what either of them does may wait for the other in a way that is not seen from here.
//!
//! ```text
//!   such a stretch                  a fork
//!   HELD + 1                        FORKS + 1
//!   nobody in FORKS?                nobody in HELD?
//!     no: HELD - 1, again later       no: look again
//!     yes: go on                      yes: go on
//!   HELD - 1                        FORKS - 1, in the parent
//! ```

use core::marker::PhantomData;
use core::sync::atomic::{AtomicU32, Ordering};

use crate::platform::kernel;
use crate::platform::thread::pause;
use crate::sabotage;

/// How long one waits for the other, in nanoseconds. Far longer than a busy machine keeps a thread off the
/// processor in the middle of such a stretch.
const LONGEST: u64 = 1_000_000_000;

/// The threads that are in such a stretch.
static HELD: AtomicU32 = AtomicU32::new(0);

/// The threads that are inside `fork`.
static FORKS: AtomicU32 = AtomicU32::new(0);

// SeqCst, in both halves: one of the two sees the other (Dekker).

/// A stretch that a fork waits for: from [`begin`](NoFork::begin) until this is dropped.
#[must_use = "the stretch ends when this is dropped"]
pub struct NoFork {
    /// It ends on the thread that it began on.
    _not_send: PhantomData<*mut ()>,
}

impl NoFork {
    /// The stretch begins.
    pub fn begin() -> NoFork {
        let end = kernel::monotonic() + LONGEST;
        loop {
            HELD.fetch_add(1, Ordering::SeqCst);
            if FORKS.load(Ordering::SeqCst) == 0 || kernel::monotonic() >= end {
                return NoFork {
                    _not_send: PhantomData,
                };
            }
            HELD.fetch_sub(1, Ordering::SeqCst);
            pause();
        }
    }
}

impl Drop for NoFork {
    fn drop(&mut self) {
        HELD.fetch_sub(1, Ordering::SeqCst);
    }
}

/// In the parent, before a fork.
pub(super) fn before_fork() {
    FORKS.fetch_add(1, Ordering::SeqCst);
    let end = kernel::monotonic() + LONGEST;
    while !sabotage::NO_HOLD && HELD.load(Ordering::SeqCst) != 0 && kernel::monotonic() < end {
        pause();
    }
}

/// In the parent, after it.
pub(super) fn after_fork() {
    FORKS.fetch_sub(1, Ordering::SeqCst);
}

/// In the child: nobody is there but this thread.
pub(super) fn in_child() {
    // Relaxed: it is alone.
    HELD.store(0, Ordering::Relaxed);
    FORKS.store(0, Ordering::Relaxed);
}
