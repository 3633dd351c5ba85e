//! High numbers for the runtime's descriptors, and a mark on each.
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
//!
//! And it knows them again. Daemons close every descriptor that they did not open, and open others, which
//! get the same numbers: what the runtime then writes lands in the host's files, and what it reads from its
//! `epoll` is the host's. The kernel keeps a number with each open file that is of use only to those who
//! want signals from it (`F_SETSIG`): the runtime's have one each that was drawn by lot. A descriptor
//! without it is not the runtime's any more. That is asked before each of tokio's own system calls on them,
//! and whenever somebody waits for the runtime.

use std::cell::Cell;
use std::ffi::{c_int, c_long, c_uint, c_void};
use std::hash::{BuildHasher, RandomState};
use std::io::Error;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, AtomicU8, AtomicU32, Ordering};
use std::task::Waker;
use std::time::Duration;

use rt0_core::{fork, sabotage, weak};

/// Elsewhere nobody has looked at what a host may do to a descriptor, and the functions are others.
const APPLIES: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// The lowest number that the runtime has. Linux gives a process room for 64 at first; for more it has to
/// wait until no processor looks at the smaller table any more, which takes milliseconds.
const LOWEST: c_int = 40;

/// The same, past the numbers of runtimes that were lost: their threads may still use them.
static LOWEST_NOW: AtomicI32 = AtomicI32::new(LOWEST);

/// Up to which number a descriptor is watched.
const MOST: usize = 4096;

/// For each number what the kernel keeps with the runtime's file; 0: no file of the runtime's has it.
static MARKS: [AtomicU8; MOST] = [const { AtomicU8::new(0) }; MOST];

/// Whose numbers they are ([`fork::incarnation`]): those of a fork's parent are anybody's in the child.
static MARKED_IN: AtomicU32 = AtomicU32::new(0);

/// How long a call sleeps in the runtime's `epoll` before it looks whether that is still there.
pub(crate) const LOOK: Duration = Duration::from_millis(500);

const F_GETFD: c_int = 1;
const F_SETSIG: c_int = 10;
const F_GETSIG: c_int = 11;
const F_DUPFD_CLOEXEC: c_int = 1030;
const EBADF: i32 = 9;

/// How often a descriptor is opened anew that the host has closed before it had its number.
const TRIES: u32 = 8;

/// What a thread of the runtime's calls that finds the descriptors gone, a `fn()`: it does not come back. Null:
/// no runtime has been built yet.
static WHEN_LOST: AtomicPtr<()> = AtomicPtr::new(null_mut());

/// Whether a runtime is being built. No matter by which thread: another one's descriptor under a higher
/// number does no harm.
static BUILDING: AtomicBool = AtomicBool::new(false);

rt0_core::define_function!("rt0_epoll_create1", epoll_create1);
rt0_core::define_function!("rt0_eventfd", eventfd);
rt0_core::define_function!("rt0_socketpair", socketpair);
rt0_core::define_function!("rt0_fcntl", fcntl);
rt0_core::define_function!("rt0_epoll_ctl", epoll_ctl);
rt0_core::define_function!("rt0_epoll_wait", epoll_wait);
rt0_core::define_function!("rt0_write", write);

unsafe extern "C" {
    /// POSIX.
    fn close(descriptor: c_int) -> c_int;
}

thread_local! {
    /// What was opened by the building on this thread.
    static OPENED: Cell<Opened> = const { Cell::new(Opened::NONE) };
    /// What this thread has to do with the runtime.
    static ROLE: Cell<Role> = const { Cell::new(Role::Other) };
    /// The call that drives it.
    static CALL: Cell<Option<Waker>> = const { Cell::new(None) };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// It uses it, or drives it until the generation ends.
    Other,
    /// It is a call that may drive it itself.
    Drives,
    /// It belongs to it.
    Worker,
}

#[derive(Clone, Copy)]
struct Opened {
    epoll: c_int,
    /// The same file under a second number.
    copy: c_int,
    waker: c_int,
}

impl Opened {
    const NONE: Opened = Opened {
        epoll: -1,
        copy: -1,
        waker: -1,
    };
}

pub(crate) fn with_high_numbers<R>(
    when_lost: fn(),
    build: impl FnOnce() -> R,
) -> (R, Option<Descriptors>) {
    struct PutBack;
    impl Drop for PutBack {
        fn drop(&mut self) {
            // Relaxed: nothing is handed over.
            BUILDING.store(false, Ordering::Relaxed);
        }
    }
    OPENED.set(Opened::NONE);
    // Relaxed: the runtime's threads come after this.
    WHEN_LOST.store(when_lost as *mut (), Ordering::Relaxed);
    // Relaxed: one boot runs at a time.
    let process = fork::incarnation();
    if MARKED_IN.swap(process, Ordering::Relaxed) != process {
        let forget = |mark: &AtomicU8| mark.store(0, Ordering::Relaxed);
        MARKS.iter().for_each(forget);
    }
    // Relaxed, as above.
    BUILDING.store(APPLIES && !sabotage::NO_HIGH_NUMBERS, Ordering::Relaxed);
    let _put_back = PutBack;
    let built = build();
    (built, Descriptors::of(OPENED.get()))
}

/// Keeps what this thread has opened.
fn remember(change: impl FnOnce(&mut Opened)) {
    let mut opened = OPENED.get();
    change(&mut opened);
    OPENED.set(opened);
}

/// The descriptors of one runtime.
#[derive(Debug)]
pub(crate) struct Descriptors([(c_int, u8); 3]);

impl Descriptors {
    /// `None`: it was not all seen, as in a library of plain cargo's, or the system keeps no such number.
    fn of(opened: Opened) -> Option<Descriptors> {
        let lot = RandomState::new().hash_one(opened.waker).to_ne_bytes();
        let [for_epoll, for_waker] = [lot[0], lot[1]].map(|byte| byte % 64 + 1);
        let all = Descriptors([
            (opened.epoll, for_epoll),
            (opened.copy, for_epoll),
            (opened.waker, for_waker),
        ]);
        let watched = APPLIES
            && !sabotage::NO_LOST_CHECK
            && all.0.iter().all(|&(descriptor, mark)| {
                (0..MOST as c_int).contains(&descriptor)
                    && command(descriptor, F_SETSIG, mark.into()) == 0
                    && command(descriptor, F_GETSIG, 0) == mark.into()
            });
        watched.then(|| {
            all.set(|mark| mark);
            all
        })
    }

    pub fn are_there(&self) -> bool {
        self.0
            .iter()
            .all(|&(descriptor, mark)| is_marked(descriptor, mark))
    }

    pub fn forget(&self) {
        self.set(|_| 0);
    }

    /// The lost runtime's threads may yet ask for these numbers, and get an error.
    pub fn avoid(&self) {
        let highest = self.0.iter().map(|&(descriptor, _)| descriptor).max();
        // Relaxed: whoever builds the next comes after this by the gate.
        LOWEST_NOW.fetch_max(highest.unwrap_or(0) + 1, Ordering::Relaxed);
    }

    fn set(&self, value: impl Fn(u8) -> u8) {
        for &(descriptor, mark) in &self.0 {
            // Relaxed: the runtime's threads begin to work after this, and whoever uses it later has come
            // past the gate.
            MARKS[descriptor as usize].store(value(mark), Ordering::Relaxed);
        }
    }
}

/// Whether the file under this number is the runtime's, as far as the kernel tells: a sandbox that was put up
/// after the boot may refuse the question, and then nothing has been lost.
fn is_marked(descriptor: c_int, mark: u8) -> bool {
    let found = command(descriptor, F_GETSIG, 0);
    let refused = || Error::last_os_error().raw_os_error() != Some(EBADF);
    found == mark.into() || (found < 0 && refused() && !sabotage::NO_REFUSED_LOOK)
}

/// Whether it is one of a runtime's numbers, and the file is not the runtime's.
fn is_strange(descriptor: c_int) -> bool {
    is_runtimes(descriptor) && {
        // Relaxed, as where it is stored.
        let mark = MARKS[descriptor as usize].load(Ordering::Relaxed);
        mark != 0 && !is_marked(descriptor, mark)
    }
}

/// Whether it is one of a runtime's numbers.
#[inline]
fn is_runtimes(descriptor: c_int) -> bool {
    usize::try_from(descriptor)
        .ok()
        .and_then(|at| MARKS.get(at))
        // Relaxed, as where it is stored.
        .is_some_and(|mark| mark.load(Ordering::Relaxed) != 0)
}

fn command(descriptor: c_int, command: c_int, argument: c_long) -> c_int {
    // SAFETY: POSIX, and Linux; the commands that are used here take a number.
    weak::real_fcntl().map_or(-1, |fcntl| unsafe { fcntl(descriptor, command, argument) })
}

/// Runs `f`, a call that may drive the runtime: now and then, and when the runtime is lost, its driver finds
/// that [`call_to_ring`] has something to do.
pub(crate) fn driving<R>(f: impl FnOnce() -> R) -> R {
    struct PutBack(Role);
    impl Drop for PutBack {
        fn drop(&mut self) {
            ROLE.set(self.0);
            drop(take_call());
        }
    }
    let _put_back = PutBack(ROLE.replace(Role::Drives));
    f()
}

pub(crate) fn call_to_ring(waker: &Waker) {
    let former = take_call();
    let same = former
        .as_ref()
        .is_some_and(|former| former.will_wake(waker));
    let waker = if same { former } else { Some(waker.clone()) };
    let _ = CALL.try_with(|call| call.set(waker));
}

fn take_call() -> Option<Waker> {
    CALL.try_with(Cell::take).ok().flatten()
}

pub(crate) fn on_worker() {
    ROLE.set(Role::Worker);
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
        if !(0..lowest()).contains(&low) || !is_building() {
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

fn lowest() -> c_int {
    // Relaxed, as where it is changed.
    LOWEST_NOW.load(Ordering::Relaxed)
}

fn duplicate(descriptor: c_int) -> Option<c_int> {
    let high = command(descriptor, F_DUPFD_CLOEXEC, c_long::from(lowest()));
    (high >= 0).then_some(high)
}

fn is_open(descriptor: c_int) -> bool {
    // SAFETY: POSIX; this command takes nothing.
    weak::real_fcntl().is_none_or(|fcntl| unsafe { fcntl(descriptor, F_GETFD, 0) } >= 0)
}

/// `epoll_create1`, of Linux.
unsafe extern "C" fn epoll_create1(flags: c_int) -> c_int {
    let epoll = opened(|| match weak::real_epoll_create1() {
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
    let waker = opened(|| match weak::real_eventfd() {
        // SAFETY: our caller's arguments, passed on.
        Some(create) => unsafe { create(count, flags) },
        None => -1,
    });
    if is_building() {
        remember(|opened| opened.waker = waker);
    }
    waker
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
        && argument < c_long::from(lowest())
        && let Some(high) = duplicate(descriptor)
    {
        if descriptor == OPENED.get().epoll {
            remember(|opened| opened.copy = high);
        }
        return high;
    }
    match weak::real_fcntl() {
        // SAFETY: our caller's arguments, passed on; where there was no third, nobody looks at it.
        Some(fcntl) => unsafe { fcntl(descriptor, command, argument) },
        None => -1,
    }
}

/// No descriptor at all: what a system call on one that is the host's by now is told instead.
const NONE: c_int = -1;

/// `epoll_ctl`, of Linux: nothing of the library's gets into an `epoll` of the host's.
unsafe extern "C" fn epoll_ctl(
    epoll: c_int,
    operation: c_int,
    descriptor: c_int,
    event: *mut c_void,
) -> c_int {
    let epoll = if is_strange(epoll) { NONE } else { epoll };
    match weak::real_epoll_ctl() {
        // SAFETY: our caller's arguments, passed on.
        Some(control) => unsafe { control(epoll, operation, descriptor, event) },
        None => -1,
    }
}

/// `epoll_wait`, of Linux: the host's events are the host's, and what comes with them is no address that
/// tokio could follow.
///
/// No error is told where the file is not the runtime's any more. Tokio's driver would panic, and would then
/// be dropped with its descriptors, whose numbers may be the host's; or tokio would end the process. A call that
/// drives the runtime is told that nothing has happened, and woken, so that it looks for itself; also after a
/// while, for when the file has gone nothing wakes it any more. All other threads sleep for ever.
unsafe extern "C" fn epoll_wait(
    epoll: c_int,
    events: *mut c_void,
    most: c_int,
    timeout: c_int,
) -> c_int {
    let Some(wait) = weak::real_epoll_wait() else {
        return -1;
    };
    if !is_runtimes(epoll) {
        // SAFETY: our caller's arguments, passed on.
        return unsafe { wait(epoll, events, most, timeout) };
    }
    let drives = ROLE.get() == Role::Drives;
    if is_strange(epoll) {
        if !drives {
            sleep_in_lost();
        }
        ring();
        return 0;
    }
    let look = LOOK.as_millis() as c_int;
    let sleeps_on = drives && !(0..=look).contains(&timeout);
    let timeout = if sleeps_on { look } else { timeout };
    // SAFETY: our caller's arguments, passed on, but for how long.
    let count = unsafe { wait(epoll, events, most, timeout) };
    if count == 0 && sleeps_on {
        ring();
    }
    count
}

fn sleep_in_lost() {
    // Relaxed: as where it is stored.
    let when_lost = WHEN_LOST.load(Ordering::Relaxed);
    if when_lost.is_null() {
        return;
    }
    // SAFETY: `with_high_numbers`, and nobody else, stores a `fn()` there.
    unsafe { std::mem::transmute::<*mut (), fn()>(when_lost)() }
}

/// Has the call on this thread look.
fn ring() {
    match take_call() {
        Some(call) => call.wake(),
        // The end of a generation: it looks at the clock.
        None => std::thread::sleep(Duration::from_millis(1)),
    }
}

/// What tokio's waker writes.
const WAKES: [u8; 8] = 1_u64.to_ne_bytes();

/// `write`: what wakes the runtime's driver does not get into a file of the host's. The instant between the
/// look and the writing is what remains.
unsafe extern "C" fn write(descriptor: c_int, bytes: *const c_void, count: usize) -> isize {
    let wakes = count == WAKES.len()
        && is_runtimes(descriptor)
        // SAFETY: our caller's promise to `write`: so many bytes.
        && unsafe { bytes.cast::<[u8; WAKES.len()]>().read_unaligned() } == WAKES;
    let lost = wakes && is_strange(descriptor);
    if lost && ROLE.get() != Role::Other {
        // Nobody is there to be woken; and an error would end the process, on a thread of tokio's.
        return count as isize;
    }
    let descriptor = if lost { NONE } else { descriptor };
    match weak::real_write() {
        // SAFETY: our caller's arguments, passed on.
        Some(write) => unsafe { write(descriptor, bytes, count) },
        None => -1,
    }
}
