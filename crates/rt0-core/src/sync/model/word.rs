//! The word for the model checker: loom's atomic, with a lock and a condition variable in the kernel's place.
//!
//! It keeps the futex's promise: comparing and going to sleep are one step, as seen by `wake_all`. The model
//! has no time: a wait with a deadline always times out at once, which is the earliest that a real one could.
//!
//! loom (0.7.2) tries another order of two accesses only if one comes right after the other. It keeps only
//! the last access to each atomic, so a thread that reads and then writes hides what another thread has read
//! before. Every thread does that at the gate. So each access first takes a turn: it changes another atomic.
//! This change always conflicts with the last one, and orders nothing else, because it is Relaxed.

use loom::sync::atomic::{AtomicU32, Ordering};
use loom::sync::{Condvar, Mutex};

use crate::sync::{Deadline, Waited};

/// See `shipped/word.rs`.
pub struct Word {
    value: AtomicU32,
    turn: AtomicU32,
    kernel: Mutex<()>,
    sleepers: Condvar,
}

impl Word {
    /// A word with this value.
    pub fn new(value: u32) -> Word {
        Word {
            value: AtomicU32::new(value),
            turn: AtomicU32::new(0),
            kernel: Mutex::new(()),
            sleepers: Condvar::new(),
        }
    }

    /// See `shipped/word.rs`.
    pub fn load(&self, order: Ordering) -> u32 {
        self.take_turn();
        self.value.load(order)
    }

    /// See `shipped/word.rs`.
    pub fn change(&self, from: u32, to: u32) -> bool {
        self.take_turn();
        self.value
            .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }

    /// See `shipped/word.rs`.
    pub fn wait(&self, seen: u32, deadline: Deadline) -> Waited {
        let kernel = self.kernel.lock().unwrap();
        if self.value.load(Ordering::Relaxed) != seen {
            return Waited::LookAgain;
        }
        if deadline != Deadline::Never {
            return Waited::TimedOut;
        }
        drop(self.sleepers.wait(kernel).unwrap());
        Waited::LookAgain
    }

    /// Clears the word, as in a fork's child. There is no other thread there.
    pub fn wipe(&self) {
        self.value.store(0, Ordering::Relaxed);
    }

    /// Has loom try the access that follows both before and after each access of another thread.
    fn take_turn(&self) {
        // Relaxed: it must not make more visible than the word itself does.
        self.turn.fetch_add(0, Ordering::Relaxed);
    }

    /// See `shipped/word.rs`.
    pub fn wake_all(&self) {
        drop(self.kernel.lock().unwrap());
        self.sleepers.notify_all();
    }
}
