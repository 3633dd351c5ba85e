//! The word that ships: an atomic and the kernel's futex.

use core::sync::atomic::{AtomicU32, Ordering};

use crate::platform::kernel;
use crate::sync::{Deadline, Waited};

/// A word that threads can wait on. All-zero bytes are a valid word of value zero.
#[repr(transparent)]
pub struct Word(AtomicU32);

impl Word {
    /// A word with this value.
    pub const fn new(value: u32) -> Word {
        Word(AtomicU32::new(value))
    }

    /// Reads the word. The caller says what the ordering pairs with.
    #[inline(always)]
    pub fn load(&self, order: Ordering) -> u32 {
        self.0.load(order)
    }

    /// Changes the word from `from` to `to`. False if it had another value.
    ///
    /// Release on success pairs with the Acquire loads that see the new value. Acquire, on success and on
    /// failure, pairs with the Release of the write of the value that was found.
    pub fn change(&self, from: u32, to: u32) -> bool {
        self.0
            .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }

    /// Sleeps while the word is `seen`, at most until the deadline.
    pub fn wait(&self, seen: u32, deadline: Deadline) -> Waited {
        let in_time = match deadline {
            Deadline::Passed => false,
            Deadline::At(nanos) => kernel::futex_wait(&self.0, seen, Some(nanos)),
            Deadline::Never => kernel::futex_wait(&self.0, seen, None),
        };
        if in_time {
            Waited::LookAgain
        } else {
            Waited::TimedOut
        }
    }

    /// Wakes all threads that wait on the word.
    pub fn wake_all(&self) {
        kernel::futex_wake_all(&self.0);
    }
}
