//! The functions of the C library with which tokio and std open, watch and wake the runtime's descriptors.

use std::ffi::{c_int, c_long, c_uint, c_void};
use std::sync::atomic::Ordering;
use std::time::Duration;

use rt0_core::platform::weak_symbols;
use rt0_core::sync::clock;

use super::{
    F_DUPFD_CLOEXEC, LOOK, OPENED, ROLE, Role, WHEN_LOST, duplicate, is_building, is_hosts_now,
    is_open, is_runtime_number, lowest, remember, take_waker,
};

/// How often to reopen a descriptor that the host closes before we could give it its high number.
const TRIES: u32 = 8;

rt0_core::define_function!(".weak ", "__wrap_epoll_create1", epoll_create1);
rt0_core::define_function!(".weak ", "__wrap_eventfd", eventfd);
rt0_core::define_function!(".weak ", "__wrap_socketpair", socketpair);
rt0_core::define_function!(".weak ", "__wrap_fcntl", fcntl);
rt0_core::define_function!(".weak ", "__wrap_epoll_ctl", epoll_ctl);
rt0_core::define_function!(".weak ", "__wrap_epoll_wait", epoll_wait);
rt0_core::define_function!(".weak ", "__wrap_write", write);

unsafe extern "C" {
    /// POSIX.
    fn close(descriptor: c_int) -> c_int;
}

/// Opens a descriptor with `open`, and gives it a high number. It keeps its low number if the process may
/// have no more descriptors, or no higher numbers.
fn opened(mut open: impl FnMut() -> c_int) -> c_int {
    let mut low = open();
    for _ in 0..TRIES {
        if !(0..lowest()).contains(&low) || !is_building() {
            break;
        }
        if let Some(high) = duplicate(low) {
            // SAFETY: POSIX; nobody else knows this descriptor. If the host has closed it in the instant
            // since it was opened, this fails.
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

/// `epoll_create1`, of Linux.
unsafe extern "C" fn epoll_create1(flags: c_int) -> c_int {
    let epoll = opened(|| match weak_symbols::real_epoll_create1() {
        // SAFETY: our caller's argument, passed on.
        Some(create) => unsafe { create(flags) },
        None => -1,
    });
    if is_building() {
        remember(|opened| opened.epoll = epoll);
    }
    epoll
}

/// `eventfd`, of Linux.
unsafe extern "C" fn eventfd(count: c_uint, flags: c_int) -> c_int {
    let waker = opened(|| match weak_symbols::real_eventfd() {
        // SAFETY: our caller's arguments, passed on.
        Some(create) => unsafe { create(count, flags) },
        None => -1,
    });
    if is_building() {
        remember(|opened| opened.waker = waker);
    }
    waker
}

/// `socketpair`, with which tokio receives signals if the author has enabled that.
unsafe extern "C" fn socketpair(
    domain: c_int,
    kind: c_int,
    protocol: c_int,
    pair: *mut [c_int; 2],
) -> c_int {
    let Some(create) = weak_symbols::real_socketpair() else {
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

/// `fcntl`, with which std duplicates a descriptor. C declares its third argument as variadic. On Linux it is
/// passed like a fixed argument, on every processor.
unsafe extern "C" fn fcntl(descriptor: c_int, command: c_int, argument: c_long) -> c_int {
    if command == F_DUPFD_CLOEXEC && is_building() && argument < c_long::from(lowest()) {
        if let Some(high) = duplicate(descriptor) {
            if descriptor == OPENED.get().epoll {
                remember(|opened| opened.copy = high);
            }
            return high;
        }
    }
    match weak_symbols::real_fcntl() {
        // SAFETY: our caller's arguments, passed on. If there was no third argument, nobody reads it.
        Some(fcntl) => unsafe { fcntl(descriptor, command, argument) },
        None => -1,
    }
}

/// An invalid descriptor. We pass it to a system call in place of a descriptor that is the host's by now.
const NONE: c_int = -1;

/// `epoll_ctl`, of Linux. Keeps the library's descriptors out of the host's `epoll`.
unsafe extern "C" fn epoll_ctl(
    epoll: c_int,
    operation: c_int,
    descriptor: c_int,
    event: *mut c_void,
) -> c_int {
    let epoll = if is_hosts_now(epoll) { NONE } else { epoll };
    match weak_symbols::real_epoll_ctl() {
        // SAFETY: our caller's arguments, passed on.
        Some(control) => unsafe { control(epoll, operation, descriptor, event) },
        None => -1,
    }
}

/// `epoll_wait`, of Linux. Keeps tokio from taking the host's events, whose data is not an address that tokio
/// could follow.
///
/// If the file is not the runtime's any more, this returns no error: tokio's driver would panic and be
/// dropped with its descriptors, whose numbers may be the host's, or tokio would end the process. Instead, a
/// call that drives the runtime gets zero events and is woken, so that it checks the runtime itself. That
/// also happens after a while without events, because once the file is gone nothing wakes the call. All other
/// threads sleep forever.
unsafe extern "C" fn epoll_wait(
    epoll: c_int,
    events: *mut c_void,
    most: c_int,
    timeout: c_int,
) -> c_int {
    let Some(wait) = weak_symbols::real_epoll_wait() else {
        return -1;
    };
    if !is_runtime_number(epoll) {
        // SAFETY: our caller's arguments, passed on.
        return unsafe { wait(epoll, events, most, timeout) };
    }
    let drives = ROLE.get() == Role::Drives;
    if is_hosts_now(epoll) {
        if !drives {
            sleep_in_lost();
        }
        ring();
        return 0;
    }
    let look = LOOK.as_millis() as c_int;
    let sleeps_on = drives && !(0..=look).contains(&timeout);
    let timeout = if sleeps_on { look } else { timeout };
    // SAFETY: our caller's arguments, passed on, except for the timeout, which may be any number.
    let count = unsafe { wait(epoll, events, most, timeout) };
    if count == 0 && sleeps_on {
        ring();
    }
    count
}

fn sleep_in_lost() {
    // Relaxed: see where it is stored.
    let when_lost = WHEN_LOST.load(Ordering::Relaxed);
    if when_lost.is_null() {
        return;
    }
    // SAFETY: only `with_high_numbers` stores a pointer there, and it is a `fn()`.
    unsafe { std::mem::transmute::<*mut (), fn()>(when_lost)() }
}

/// Makes the call on this thread check whether the runtime is still there.
fn ring() {
    match take_waker() {
        Some(waker) => waker.wake(),
        // Without a waker this is the end of a generation, which polls the clock.
        None => clock::sleep(Duration::from_millis(1)),
    }
}

/// The bytes that tokio's waker writes.
const WAKES: [u8; 8] = 1_u64.to_ne_bytes();

/// `write`. Keeps what wakes the runtime's driver out of the host's files. Only the instant between the check
/// and the write remains.
unsafe extern "C" fn write(descriptor: c_int, bytes: *const c_void, count: usize) -> isize {
    let wakes = count == WAKES.len()
        && is_runtime_number(descriptor)
        // SAFETY: our caller's promise to `write`: `bytes` points to `count` bytes.
        && unsafe { bytes.cast::<[u8; WAKES.len()]>().read_unaligned() } == WAKES;
    let lost = wakes && is_hosts_now(descriptor);
    if lost && ROLE.get() != Role::Other {
        // There is nobody to wake, and on one of tokio's threads an error would end the process.
        return count as isize;
    }
    let descriptor = if lost { NONE } else { descriptor };
    match weak_symbols::real_write() {
        // SAFETY: our caller's arguments, passed on.
        Some(write) => unsafe { write(descriptor, bytes, count) },
        None => -1,
    }
}
