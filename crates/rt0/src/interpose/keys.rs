//! Keeps the library's thread-specific keys out of the host's way if there are two C libraries.
//!
//! In a namespace of its own (`dlmopen`) the library has a second C library. Both C libraries number their
//! keys from the beginning, but each of the host's threads has one table for the values of both, so a value
//! set by one overwrites the other's. All we can do is take other numbers than hosts do: the highest of the
//! first 32, for which every thread has room from the start. (For higher keys, the C library that sets a
//! value allocates the room, and the one that made the thread frees it, with another allocator.)

use std::sync::atomic::{AtomicBool, Ordering};

use rt0_core::fork::NoFork;
use rt0_core::platform::kernel;
use rt0_core::platform::loader::namespace;
use rt0_core::platform::weak_symbols::{self, RawKey};
use rt0_core::sabotage;

/// Runs `f`, which checks for free keys or makes keys, while no other thread of this library does. A check
/// takes a key for a moment, and std, which aborts without a key, might then find one too few. A fork waits
/// until `f` has returned. (In musl up to 1.2.3, a fork leaves the lock around keys held forever in the child
/// if another thread holds it.)
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
    // Do not wait forever: a fork that did not wait for `f` may have left the flag set in the child.
    let mut tries = 100_000;
    while BUSY.swap(true, Ordering::Acquire) && tries > 0 {
        kernel::give_way();
        tries -= 1;
    }
    let _done = Done;
    f()
}

/// The number of values for which glibc's threads have room from the start.
const ROOM: usize = 32;

/// Calls `make`, which makes at most `count` keys, so that these get the highest numbers below [`ROOM`].
pub(crate) fn out_of_the_hosts_way<R>(count: usize, make: impl FnOnce() -> R) -> R {
    if !namespace::is_other() || sabotage::NO_KEYS_APART {
        return make();
    }
    // Not a vector: the key may be for the author's allocator.
    let mut taken = [0; ROOM];
    let free = take_all(&mut taken);
    let (for_now, left) = taken[..free].split_at(free.saturating_sub(count));
    give_back(left);
    let made = make();
    give_back(for_now);
    made
}

/// Takes every free key below [`ROOM`], and returns their number.
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
    // SAFETY: POSIX; the key has no destructor, and nobody else knows it.
    let result = unsafe { weak_symbols::pthread_key_create()?(&mut key, None) };
    (result == 0).then_some(key)
}

fn give_back(keys: &[RawKey]) {
    let Some(delete) = weak_symbols::pthread_key_delete() else {
        return;
    };
    for &key in keys {
        // SAFETY: POSIX; `take` made the key, and it is deleted once.
        unsafe { delete(key) };
    }
}
