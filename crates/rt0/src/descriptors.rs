//! Keeps the runtime's descriptors off the numbers that hosts use.
//!
//! A new descriptor gets the lowest free number. In a host without stdout that is 1, and what the host
//! prints goes into it. Shells take the numbers up to 9 to be their scripts' own, and redirect whatever is
//! there. And some hosts close what they have closed before: bash does so with a pipe's ends, in between
//! for as long as the pipe's programs run, and the number may be ours by then. A runtime whose `epoll` is
//! closed panics.
//!
//! So `cargo rt0 build` has the linker lead the functions that tokio and std open the runtime's descriptors
//! with here. While a runtime is built they give numbers from [`LOWEST`] on; at all other times, which is
//! when the author's code calls them, what the C library gives.

use std::ffi::{c_int, c_long, c_uint};
use std::sync::atomic::{AtomicBool, Ordering};

use rt0_core::{sabotage, weak};

/// Elsewhere nobody has looked at what a host may do to a descriptor, and the functions are others.
const APPLIES: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// The lowest number that the runtime has. Linux gives a process room for 64 at first; for more it has to
/// wait until no processor looks at the smaller table any more, which takes milliseconds.
const LOWEST: c_int = 40;

const F_GETFD: c_int = 1;
const F_DUPFD_CLOEXEC: c_int = 1030;

/// How often a descriptor is opened anew that the host has closed before it had its number.
const TRIES: u32 = 8;

/// Whether a runtime is being built. No matter by which thread: another one's descriptor under a higher
/// number does no harm.
static BUILDING: AtomicBool = AtomicBool::new(false);

rt0_core::define_function!("rt0_epoll_create1", epoll_create1);
rt0_core::define_function!("rt0_eventfd", eventfd);
rt0_core::define_function!("rt0_socketpair", socketpair);
rt0_core::define_function!("rt0_fcntl", fcntl);

unsafe extern "C" {
    /// POSIX.
    fn close(descriptor: c_int) -> c_int;
}

/// Runs `build`; what it opens gets high numbers.
pub(crate) fn with_high_numbers<R>(build: impl FnOnce() -> R) -> R {
    struct PutBack;
    impl Drop for PutBack {
        fn drop(&mut self) {
            // Relaxed: nothing is handed over.
            BUILDING.store(false, Ordering::Relaxed);
        }
    }
    // Relaxed, as above.
    BUILDING.store(APPLIES && !sabotage::NO_HIGH_NUMBERS, Ordering::Relaxed);
    let _put_back = PutBack;
    build()
}

fn is_building() -> bool {
    // Relaxed: the thread that builds has stored it itself, and for others it does not matter.
    BUILDING.load(Ordering::Relaxed)
}

/// What `open` gives, under a high number; or as it is, where the process may have no more, or no higher
/// ones.
fn opened(mut open: impl FnMut() -> c_int) -> c_int {
    let mut low = open();
    for _ in 0..TRIES {
        if !(0..LOWEST).contains(&low) || !is_building() {
            break;
        }
        if let Some(high) = duplicate(low) {
            // SAFETY: POSIX; nobody was told of it. If the host has closed it meanwhile, in the instant since
            // it was opened, this fails.
            unsafe { close(low) };
            return high;
        }
        if is_open(low) {
            break;
        }
        // The host has closed it.
        low = open();
    }
    low
}

fn duplicate(descriptor: c_int) -> Option<c_int> {
    let fcntl = weak::real_fcntl()?;
    // SAFETY: POSIX; this command takes a number.
    let high = unsafe { fcntl(descriptor, F_DUPFD_CLOEXEC, LOWEST as c_long) };
    (high >= 0).then_some(high)
}

fn is_open(descriptor: c_int) -> bool {
    // SAFETY: POSIX; this command takes nothing.
    weak::real_fcntl().is_none_or(|fcntl| unsafe { fcntl(descriptor, F_GETFD, 0) } >= 0)
}

/// `epoll_create1`, of Linux.
unsafe extern "C" fn epoll_create1(flags: c_int) -> c_int {
    opened(|| match weak::real_epoll_create1() {
        // SAFETY: our caller's argument, passed on.
        Some(create) => unsafe { create(flags) },
        None => -1,
    })
}

/// `eventfd`, of Linux.
unsafe extern "C" fn eventfd(count: c_uint, flags: c_int) -> c_int {
    opened(|| match weak::real_eventfd() {
        // SAFETY: our caller's arguments, passed on.
        Some(create) => unsafe { create(count, flags) },
        None => -1,
    })
}

/// `socketpair`: tokio's way to hear of signals, for an author who has that switched on.
unsafe extern "C" fn socketpair(
    domain: c_int,
    kind: c_int,
    protocol: c_int,
    pair: *mut [c_int; 2],
) -> c_int {
    let Some(create) = weak::real_socketpair() else {
        return -1;
    };
    // SAFETY: our caller's arguments, passed on.
    let result = unsafe { create(domain, kind, protocol, pair) };
    if result == 0 && is_building() {
        // SAFETY: our caller's promise to `socketpair`, which has filled it in.
        for end in unsafe { &mut *pair } {
            let low = *end;
            *end = opened(|| low);
        }
    }
    result
}

/// `fcntl`, with which std duplicates a descriptor. C declares what comes third as variable; on Linux it is
/// passed as if it were not, on every processor.
unsafe extern "C" fn fcntl(descriptor: c_int, command: c_int, argument: c_long) -> c_int {
    if command == F_DUPFD_CLOEXEC
        && is_building()
        && argument < LOWEST as c_long
        && let Some(high) = duplicate(descriptor)
    {
        return high;
    }
    match weak::real_fcntl() {
        // SAFETY: our caller's arguments, passed on; where there was no third, nobody looks at it.
        Some(fcntl) => unsafe { fcntl(descriptor, command, argument) },
        None => -1,
    }
}
