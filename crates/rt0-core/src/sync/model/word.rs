//! The word for the model checker: loom's atomic, and a lock with a condition in the kernel's place.
//!
//! The futex's promise is kept: compare and go to sleep are one step against `wake_all`. Time does not
//! exist in the model: a wait with a deadline always times out at once, which is the earliest that a
//! real one could.
//!
//! loom (0.7.2) tries another order of two accesses only if the one comes right after the other: of those
//! to an atomic it keeps the last, and a thread that reads and then writes hides what another has read
//! before it. Every thread does that at the gate. So each access takes a turn first: a change of an
//! atomic that always conflicts with the last one, and that orders nothing else, for it is Relaxed.

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
    /// A word of this value.
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

    /// What becomes of it in a fork's child. There is no other thread there.
    pub fn wipe(&self) {
        self.value.store(0, Ordering::Relaxed);
    }

    /// So that loom tries this access before and after each of the others'.
    fn take_turn(&self) {
        // Relaxed: nobody must see more through it than through the word itself.
        self.turn.fetch_add(0, Ordering::Relaxed);
    }

    /// See `shipped/word.rs`.
    pub fn wake_all(&self) {
        drop(self.kernel.lock().unwrap());
        self.sleepers.notify_all();
    }
}
