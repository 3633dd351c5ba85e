//! A value that is made once, before anybody reads it: by the constructor, or by the first call where no
//! constructor ran. It is not written again.
//!
//! A fork's child may find a value that a thread of its parent's was making. That thread does not exist in
//! the child, so each process claims the work under its own number.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU32, Ordering};

use rt0_core::fork;
use rt0_core::sync::Word;
use rt0_core::sync::clock;

/// The value, first: a pointer to the whole is one to the value.
#[repr(C)]
pub struct Once<T> {
    value: UnsafeCell<T>,
    /// [`MADE`], 0, or which process is making it: its [`fork::incarnation`], plus one.
    state: AtomicU32,
}

/// No process has this number.
const MADE: u32 = u32::MAX;

// SAFETY: `make_now` lets one thread write, before `state` says that all may read.
unsafe impl<T: Sync> Sync for Once<T> {}

impl<T> Once<T> {
    /// Until it is made, the memory holds this one.
    pub const fn new(until_made: T) -> Once<T> {
        Once {
            value: UnsafeCell::new(until_made),
            state: AtomicU32::new(0),
        }
    }

    /// The value, made now if nobody has made it.
    #[inline]
    pub fn get(&self, make: impl FnOnce() -> T) -> &T {
        // Acquire pairs with the Release in `make_now`.
        if self.state.load(Ordering::Acquire) != MADE {
            self.make_now(make);
        }
        // SAFETY: made, and not written again.
        unsafe { &*self.value.get() }
    }

    #[cold]
    fn make_now(&self, make: impl FnOnce() -> T) {
        // A child that is forked from now on has another number.
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
                    // Relaxed: the Acquire above has seen all that there is to see.
                    let claimed =
                        self.state
                            .compare_exchange(who, me, Ordering::Relaxed, Ordering::Relaxed);
                    if claimed.is_ok() {
                        // SAFETY: this thread alone has the claim, and nobody reads before the Release.
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
