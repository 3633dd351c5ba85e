//! A value that is made once, before its first use: by the constructor, or by the first call if no
//! constructor ran. It is never written again.
//!
//! A fork's child may find a value that a thread of its parent was still making. That thread does not exist
//! in the child, so each process claims the work under its own number.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU32, Ordering};

use rt0_core::fork;
use rt0_core::sync::{Word, clock};

/// The value comes first: a pointer to the whole is a pointer to the value.
#[repr(C)]
pub struct Once<T> {
    value: UnsafeCell<T>,
    /// [`MADE`], 0, or the process that is making it: its [`fork::incarnation`], plus one.
    state: AtomicU32,
}

/// No process has this number.
const MADE: u32 = u32::MAX;

// SAFETY: `make_now` lets only one thread write, before `state` lets all threads read. `Send`, because one thread
// makes the value that others see, and drops the one before it.
unsafe impl<T: Send + Sync> Sync for Once<T> {}

impl<T> Once<T> {
    /// Until the value is made, the memory holds `until_made`.
    pub const fn new(until_made: T) -> Once<T> {
        Once {
            value: UnsafeCell::new(until_made),
            state: AtomicU32::new(0),
        }
    }

    /// The value; makes it if it does not exist yet.
    #[inline]
    pub fn get(&self, make: impl FnOnce() -> T) -> &T {
        // Acquire pairs with the Release in `make_now`.
        if self.state.load(Ordering::Acquire) != MADE {
            self.make_now(make);
        }
        // SAFETY: the value is made, and not written again.
        unsafe { &*self.value.get() }
    }

    #[cold]
    fn make_now(&self, make: impl FnOnce() -> T) {
        // From here on, a forked child has another number.
        fork::watch();
        let me = fork::incarnation() + 1;
        loop {
            // Acquire pairs with the Release below.
            match self.state.load(Ordering::Acquire) {
                MADE => return,
                // Another thread of this process is making it.
                who if who == me => {
                    Word::new(0).wait(0, clock::after_ms(1));
                }
                who => {
                    // Relaxed: the Acquire above has already seen everything it needs.
                    let claimed =
                        self.state
                            .compare_exchange(who, me, Ordering::Relaxed, Ordering::Relaxed);
                    if claimed.is_ok() {
                        // SAFETY: only this thread has the claim, and nothing reads before the Release.
                        unsafe { *self.value.get() = make() };
                        // Release pairs with the Acquire above.
                        self.state.store(MADE, Ordering::Release);
                        return;
                    }
                }
            }
        }
    }
}
