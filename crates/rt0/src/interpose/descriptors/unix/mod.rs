//! High numbers for the runtime's descriptors, and a mark on each.
//!
//! A new descriptor gets the lowest free number. In a host without stdout that is 1, and what the host
//! prints goes into it. Shells treat the numbers up to 9 as their scripts' own, and redirect whatever is
//! there. And some hosts close a descriptor twice: bash does so with the ends of a pipe, before and after the
//! pipe's programs have run, and by then the number may be ours. A runtime whose `epoll` is closed panics.
//!
//! So `cargo rt0 build` has the linker lead the functions that tokio and std open the runtime's descriptors
//! with here. While a runtime is built they give numbers from [`LOWEST`] on; at all other times, which is
//! when the author's code calls them, what the C library gives.
//!
//! It also recognizes them. Daemons close every descriptor that they did not open, and open others, which
//! get the same numbers: what the runtime then writes lands in the host's files, and what it reads from its
//! `epoll` is the host's. The kernel keeps a number with each open file (`F_SETSIG`) that matters only to
//! those who want signals from it: each of the runtime's gets a random one. A descriptor without it is not the
//! runtime's any more. That is asked before each of tokio's own system calls on them,
//! and whenever somebody waits for the runtime.

mod functions;

use std::cell::Cell;
use std::ffi::{c_int, c_long};
use std::hash::{BuildHasher, RandomState};
use std::io::Error;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, AtomicU8, AtomicU32, Ordering};
use std::task::Waker;
use std::time::Duration;

use rt0_core::platform::weak_symbols;
use rt0_core::{fork, sabotage};

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

/// What a thread of the runtime's calls that finds the descriptors gone, a `fn()`: it does not come back. Null:
/// no runtime has been built yet.
static WHEN_LOST: AtomicPtr<()> = AtomicPtr::new(null_mut());

/// Whether a runtime is being built. No matter by which thread: another one's descriptor under a higher
/// number does no harm.
static BUILDING: AtomicBool = AtomicBool::new(false);

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
    weak_symbols::real_fcntl().map_or(-1, |fcntl| unsafe { fcntl(descriptor, command, argument) })
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
    weak_symbols::real_fcntl().is_none_or(|fcntl| unsafe { fcntl(descriptor, F_GETFD, 0) } >= 0)
}
