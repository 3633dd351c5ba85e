//! The C library's keys, kept out of the host's way where there are two C libraries.
//!
//! In a namespace of its own (`dlmopen`) the library has a second C library, which counts its keys from
//! the first as the host's does. But a thread of the host's has one table for the values of both: whoever
//! sets a value there overwrites the other's. What is left is to take other numbers than hosts do: the
//! highest of the 32 that every thread has room for from its beginning. (For those beyond, the C library
//! that sets a value allocates the room, and the one that made the thread frees it: with another
//! allocator.)

use std::sync::atomic::{AtomicBool, Ordering};

use rt0_core::fork::NoFork;
use rt0_core::platform::loader::namespace;
use rt0_core::platform::weak_symbols::{self, RawKey};
use rt0_core::sabotage;

/// Runs `f`, which looks for keys or makes some, while no other thread of this library does: one that looks
/// takes a key for a moment, and std, which aborts without one, would find one too few. A fork waits for its
/// end. (Up to 1.2.3, musl's leaves the lock around keys as another thread has it: for ever.)
pub(crate) fn one_at_a_time<R>(f: impl FnOnce() -> R) -> R {
    static BUSY: AtomicBool = AtomicBool::new(false);
    struct Done;
    impl Drop for Done {
        fn drop(&mut self) {
            // Release pairs with the Acquire below.
            BUSY.store(false, Ordering::Release);
        }
    }
    let _no_fork = NoFork::begin();
    // Not for ever: a fork that did not wait may have left it so.
    let mut tries = 100_000;
    while BUSY.swap(true, Ordering::Acquire) && tries > 0 {
        std::thread::yield_now();
        tries -= 1;
    }
    let _done = Done;
    f()
}

/// How many values glibc's threads have room for from the beginning.
const ROOM: usize = 32;

/// Calls `make`, which makes keys: `count` of them at the most.
pub(crate) fn out_of_the_hosts_way<R>(count: usize, make: impl FnOnce() -> R) -> R {
    if !namespace::is_other() || sabotage::NO_KEYS_APART {
        return make();
    }
    // No vector: the author's allocator may be what the key is for.
    let mut taken = [0; ROOM];
    let free = take_all(&mut taken);
    let (for_now, left) = taken[..free].split_at(free.saturating_sub(count));
    give_back(left);
    let made = make();
    give_back(for_now);
    made
}

/// Takes every key below [`ROOM`] that is free. How many there were.
fn take_all(taken: &mut [RawKey; ROOM]) -> usize {
    for (free, place) in taken.iter_mut().enumerate() {
        match take() {
            Some(key) if (key as usize) < ROOM => *place = key,
            Some(beyond) => {
                give_back(&[beyond]);
                return free;
            }
            None => return free,
        }
    }
    ROOM
}

fn take() -> Option<RawKey> {
    let mut key = 0;
    // SAFETY: POSIX; a key without a destructor, which nobody else is told of.
    let result = unsafe { weak_symbols::pthread_key_create()?(&mut key, None) };
    (result == 0).then_some(key)
}

fn give_back(keys: &[RawKey]) {
    let Some(delete) = weak_symbols::pthread_key_delete() else {
        return;
    };
    for &key in keys {
        // SAFETY: POSIX; made by `take`, and deleted once.
        unsafe { delete(key) };
    }
}
