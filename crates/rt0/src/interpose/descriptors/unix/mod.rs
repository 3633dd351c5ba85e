//! High numbers for the runtime's descriptors, and a mark on each.
//!
//! A new descriptor gets the lowest free number. In a host without stdout that is 1, and what the host prints
//! goes into it. Shells treat the numbers up to 9 as their scripts' own, and redirect whatever is there. And
//! some hosts close a descriptor twice: bash does so with the ends of a pipe, before and after the pipe's
//! programs have run, and by then the number may be ours. A runtime whose `epoll` is closed panics.
//!
//! So the linker redirects to this module the functions with which tokio and std open the runtime's
//! descriptors. While a runtime is built, they give numbers from [`LOWEST`] on. At all other
//! times, including when the author's code calls them, they do what the C library does.
//!
//! This module also recognizes the descriptors later. Daemons close every descriptor that they did not open,
//! and then open others, which get the same numbers. What the runtime then writes lands in the host's files,
//! and what it reads from its `epoll` is the host's. The kernel stores a number with each open file
//! (`F_SETSIG`), which matters only to programs that want signals from the file. Each of the runtime's files
//! gets a random number. A descriptor without it is not the runtime's any more. This is checked before each
//! of tokio's own system calls on the descriptors, and whenever something waits for the runtime.

mod functions;

use std::cell::Cell;
use std::ffi::{c_int, c_long};
use std::hash::{BuildHasher, RandomState};
use std::io::Error;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, AtomicU8, AtomicU32, Ordering};
use std::task::Waker;
use std::time::Duration;

use rt0_core::platform::weak_symbols;
use rt0_core::{fork, sabotage};

/// Other systems have other functions, and what their hosts do to descriptors is not known.
pub(crate) const APPLIES: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// The lowest number for the runtime's descriptors. Linux gives a process room for 64 at first. To make more
/// room, it has to wait until no processor uses the smaller table any more, which takes milliseconds.
const LOWEST: c_int = 40;

/// Like [`LOWEST`], but past the numbers of lost runtimes, whose threads may still use them.
static LOWEST_NOW: AtomicI32 = AtomicI32::new(LOWEST);

/// Descriptors are watched if their numbers are below this.
const MOST: usize = 4096;

/// For some descriptor numbers that follow each other, the mark that the kernel stores with the runtime's
/// file; 0 if the number is not the runtime's.
type Group = [AtomicU8; GROUP];

const GROUP: usize = 64;

/// The groups in which a number has ever been marked, and null for the others: as a rule there is one. All
/// marks in one static would spread the library's others over more pages, and the load touches each of them.
static GROUPS: [AtomicPtr<Group>; MOST / GROUP] =
    [const { AtomicPtr::new(null_mut()) }; MOST / GROUP];

/// The process that set the marks ([`fork::incarnation`]). In a fork's child the parent's marks mean nothing.
static MARKED_IN: AtomicU32 = AtomicU32::new(0);

/// How long a call sleeps in the runtime's `epoll` before it checks that the `epoll` is still there.
pub(crate) const LOOK: Duration = Duration::from_millis(500);

const F_GETFD: c_int = 1;
const F_SETSIG: c_int = 10;
const F_GETSIG: c_int = 11;
const F_DUPFD_CLOEXEC: c_int = 1030;
const EBADF: i32 = 9;

/// A `fn()` that a thread of the runtime calls when it finds the descriptors gone. It never returns. Null
/// until a runtime is built.
static WHEN_LOST: AtomicPtr<()> = AtomicPtr::new(null_mut());

/// Whether a runtime is being built, on any thread. If another thread's descriptor gets a high number
/// meanwhile, that does no harm.
static BUILDING: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// What the build on this thread has opened.
    static OPENED: Cell<Opened> = const { Cell::new(Opened::NONE) };
    /// How this thread uses the runtime.
    static ROLE: Cell<Role> = const { Cell::new(Role::Other) };
    /// The waker of the call that drives the runtime on this thread.
    static WAKER: Cell<Option<Waker>> = const { Cell::new(None) };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// The thread only uses the runtime, or drives it until the generation ends.
    Other,
    /// The thread is inside a call that may drive the runtime itself.
    Drives,
    /// The thread belongs to the runtime.
    Worker,
}

#[derive(Clone, Copy)]
struct Opened {
    epoll: c_int,
    /// The `epoll`'s file under a second number.
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
            // Relaxed: it publishes no other data.
            BUILDING.store(false, Ordering::Relaxed);
        }
    }
    OPENED.set(Opened::NONE);
    // Relaxed: the runtime's threads come after this.
    WHEN_LOST.store(when_lost as *mut (), Ordering::Relaxed);
    // Relaxed: one boot runs at a time.
    let process = fork::incarnation();
    if MARKED_IN.swap(process, Ordering::Relaxed) != process {
        forget_all();
    }
    // Relaxed: one boot runs at a time.
    BUILDING.store(APPLIES && !sabotage::NO_HIGH_NUMBERS, Ordering::Relaxed);
    let _put_back = PutBack;
    let built = build();
    (built, Descriptors::of(OPENED.get()))
}

/// A group, if one of its numbers has ever been marked.
#[inline]
fn group(at: usize) -> Option<&'static Group> {
    // Acquire pairs with the Release in `make_mark`.
    let group = GROUPS.get(at)?.load(Ordering::Acquire);
    // SAFETY: only `make_mark` stores a pointer there, and its box is never freed.
    unsafe { group.as_ref() }
}

/// The place of this number's mark, if its group has one.
#[inline]
fn mark_of(descriptor: c_int) -> Option<&'static AtomicU8> {
    let at = usize::try_from(descriptor).ok()?;
    group(at / GROUP)?.get(at % GROUP)
}

/// The same, for a number below [`MOST`] that will be marked. One boot runs at a time.
fn make_mark(descriptor: c_int) -> Option<&'static AtomicU8> {
    let at = descriptor as usize / GROUP;
    if group(at).is_none() {
        let group = Box::new([const { AtomicU8::new(0) }; GROUP]);
        // Release pairs with the Acquire in `group`.
        GROUPS[at].store(Box::into_raw(group), Ordering::Release);
    }
    mark_of(descriptor)
}

/// In a fork's child: forgets the parent's marks.
fn forget_all() {
    let groups = (0..GROUPS.len()).filter_map(group);
    groups
        .flatten()
        .for_each(|mark| mark.store(0, Ordering::Relaxed));
}

/// Records what this thread has opened.
fn remember(change: impl FnOnce(&mut Opened)) {
    let mut opened = OPENED.get();
    change(&mut opened);
    OPENED.set(opened);
}

/// The descriptors of one runtime.
#[derive(Debug)]
pub(crate) struct Descriptors([(c_int, u8); 3]);

impl Descriptors {
    /// `None` if not all of them were seen, as in a library built with plain cargo, or if the system stores
    /// no mark.
    fn of(opened: Opened) -> Option<Descriptors> {
        let random = RandomState::new().hash_one(opened.waker).to_ne_bytes();
        let [for_epoll, for_waker] = [random[0], random[1]].map(|byte| byte % 64 + 1);
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

    /// The lost runtime's threads may still use these numbers, and must get an error then.
    pub fn avoid(&self) {
        let highest = self.0.iter().map(|&(descriptor, _)| descriptor).max();
        // Relaxed: the gate orders this before the build of the next runtime.
        LOWEST_NOW.fetch_max(highest.unwrap_or(0) + 1, Ordering::Relaxed);
    }

    fn set(&self, value: impl Fn(u8) -> u8) {
        for &(descriptor, mark) in &self.0 {
            if let Some(marked) = make_mark(descriptor) {
                // Relaxed: the runtime's threads begin to work after this, and later users of the runtime
                // have passed the gate.
                marked.store(value(mark), Ordering::Relaxed);
            }
        }
    }
}

/// Whether the file under this number is the runtime's, as far as the kernel tells. A sandbox that was set up
/// after the boot may refuse the question; that does not mean that the runtime is lost.
fn is_marked(descriptor: c_int, mark: u8) -> bool {
    let found = command(descriptor, F_GETSIG, 0);
    let refused = || Error::last_os_error().raw_os_error() != Some(EBADF);
    found == mark.into() || (found < 0 && refused() && !sabotage::NO_REFUSED_LOOK)
}

/// Whether the number is one of the runtime's, but its file is not the runtime's any more.
fn is_hosts_now(descriptor: c_int) -> bool {
    // Relaxed: see where it is stored.
    let mark = mark_of(descriptor).map_or(0, |mark| mark.load(Ordering::Relaxed));
    mark != 0 && !is_marked(descriptor, mark)
}

/// Whether the number is one of the runtime's.
#[inline]
fn is_runtime_number(descriptor: c_int) -> bool {
    // Relaxed: see where it is stored.
    mark_of(descriptor).is_some_and(|mark| mark.load(Ordering::Relaxed) != 0)
}

fn command(descriptor: c_int, command: c_int, argument: c_long) -> c_int {
    // SAFETY: POSIX and Linux; the commands used here take a number.
    weak_symbols::real_fcntl().map_or(-1, |fcntl| unsafe { fcntl(descriptor, command, argument) })
}

/// The mark on a file of the library's that is not the runtime's: the same number that the kernel stores with it.
pub(crate) struct Mark(u8);

impl Mark {
    /// Marks the file, if the system stores a mark.
    pub fn set(descriptor: c_int) -> Mark {
        let random = RandomState::new().hash_one(descriptor) as u8 % 64 + 1;
        let marked = APPLIES && command(descriptor, F_SETSIG, random.into()) == 0;
        Mark(if marked { random } else { 0 })
    }

    /// Whether the file under this number is still the one that was marked, as far as the kernel tells.
    pub fn is_on(&self, descriptor: c_int) -> bool {
        self.0 == 0 || is_marked(descriptor, self.0)
    }
}

/// The same file under a high number. It keeps its number if it has a high one, if the process may have no more
/// descriptors, or on a system of whose hosts that is not known.
pub(crate) fn raised(descriptor: OwnedFd) -> OwnedFd {
    let is_high = descriptor.as_raw_fd() >= lowest();
    if !APPLIES || is_high || sabotage::NO_HIGH_NUMBERS {
        return descriptor;
    }
    match duplicate(descriptor.as_raw_fd()) {
        // SAFETY: the kernel has just made it for us. The low one is closed by the drop of our argument.
        Some(high) => unsafe { OwnedFd::from_raw_fd(high) },
        None => descriptor,
    }
}

/// Runs `f`, a call that may drive the runtime. Now and then, and when the runtime is lost, the driver wakes
/// the waker that was set with [`set_waker`].
pub(crate) fn driving<R>(f: impl FnOnce() -> R) -> R {
    struct PutBack(Role);
    impl Drop for PutBack {
        fn drop(&mut self) {
            ROLE.set(self.0);
            drop(take_waker());
        }
    }
    let _put_back = PutBack(ROLE.replace(Role::Drives));
    f()
}

pub(crate) fn set_waker(waker: &Waker) {
    let former = take_waker();
    let same = former
        .as_ref()
        .is_some_and(|former| former.will_wake(waker));
    let waker = if same { former } else { Some(waker.clone()) };
    let _ = WAKER.try_with(|kept| kept.set(waker));
}

fn take_waker() -> Option<Waker> {
    WAKER.try_with(Cell::take).ok().flatten()
}

pub(crate) fn on_worker() {
    ROLE.set(Role::Worker);
}

fn is_building() -> bool {
    // Relaxed: the thread that builds stored it itself, and for other threads the value does not matter.
    BUILDING.load(Ordering::Relaxed)
}

fn lowest() -> c_int {
    // Relaxed: see where it is changed.
    LOWEST_NOW.load(Ordering::Relaxed)
}

fn duplicate(descriptor: c_int) -> Option<c_int> {
    let high = command(descriptor, F_DUPFD_CLOEXEC, c_long::from(lowest()));
    (high >= 0).then_some(high)
}

fn is_open(descriptor: c_int) -> bool {
    // SAFETY: POSIX; this command takes no argument.
    weak_symbols::real_fcntl().is_none_or(|fcntl| unsafe { fcntl(descriptor, F_GETFD, 0) } >= 0)
}
