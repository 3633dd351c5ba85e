//! How a process knows that it is a fork's child, and whether it may start anything.
//!
//! | the child was made by | the page there | our handler there | what it may do |
//! |---|---|---|---|
//! | `fork` | wiped by the kernel, or by the handler | runs | boot |
//! | `_Fork`, a raw `clone`, of a parent with one thread | wiped by the kernel | does not run | boot |
//! | the same, of a parent with several threads | wiped by the kernel | does not run | nothing: [`Status::Forked`]; a library without std boots, on the caller's thread |
//! | `vfork`, `posix_spawn` | the parent's own | does not run | `exec` |
//!
//! `fork` makes sure that the C library's own locks are free in the child. Without it, `malloc` may be locked
//! there for ever, by a thread that the child does not have. So nothing on the way to [`Status::Forked`]
//! allocates, locks or touches a thread-local, because a thread-local's memory may be allocated at the first
//! touch.
//!
//! The page itself is the detector. Every process that uses it marks it ([`own_page`]); in a fork's child the
//! handler does that. If a library once had a mark and its page has none now, the page was wiped and the
//! handler did not run. Processes are also counted, starting with the one that loaded the library:
//! [`incarnation`].
//!
//! A process id does not identify a process: the first process of a container has id 1, and so has its child
//! if that is the first process of another container. A changed id still proves a fork, which matters where
//! the kernel does not wipe the page. An unchanged id proves nothing.

use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use rt0_abi::Status;

use crate::generation::page;
use crate::platform::{kernel, thread};
use crate::protocol::gate::State;
use crate::sabotage;

// The following statics are outside the page: a child inherits its parent's values. All accesses are Relaxed:
// a child has one thread, which sees the parent's memory as it was at the fork.

/// 1 once the page has had an owner, in this process or an ancestor.
static OWNED: AtomicU32 = AtomicU32::new(0);

/// How many forks lie between the process that loaded the library and the one that marked the page last.
pub(super) static FORKS: AtomicU32 = AtomicU32::new(0);

/// The value of [`FORKS`] when this process, or the parent that forked it, last entered `fork`.
pub(super) static AT_FORK: AtomicU32 = AtomicU32::new(0);

/// The id of the process that marked the page last; 0: the kernel does not tell.
static PROCESS: AtomicU32 = AtomicU32::new(0);

/// 1 when `fork` calls our handlers. 2 when it does and the library can be unmapped: such a library contains
/// no std, and needs none of the locks as long as it makes no thread.
pub(super) static REGISTERED: AtomicU32 = AtomicU32::new(0);

/// Set to 1 when a child in which nothing can be started forks: its own children can't start anything either.
pub(super) static CANNOT_START: AtomicU32 = AtomicU32::new(0);

/// The threads that are inside `fork`, by their thread pointers, which stay the same in the child. One of the
/// host's handlers that runs in the child before ours may already call the library.
pub(super) static FORKING: [AtomicUsize; 8] = [const { AtomicUsize::new(0) }; 8];

/// Marks the page as this process's own.
pub(crate) fn own_page() {
    let id = kernel::process_id();
    if is_new(|| id) {
        // If two threads of a child get here at once, both may count it. The number only has to differ from
        // the parent's.
        FORKS.fetch_add(1, Ordering::Relaxed);
    }
    PROCESS.store(id.unwrap_or(0), Ordering::Relaxed);
    OWNED.store(1, Ordering::Relaxed);
    page().set_owned();
}

/// Whether the library watches for forks in this process, or has done so in an ancestor.
pub(super) fn is_watching() -> bool {
    OWNED.load(Ordering::Relaxed) == 1
}

/// Which process this is, in the line of descent from the one that loaded the library, which is 0. No
/// ancestor has the same number.
pub fn incarnation() -> u32 {
    FORKS.load(Ordering::Relaxed) + u32::from(is_new(kernel::process_id))
}

/// Whether this process is a fork's child of the one that loaded the library.
pub fn is_child() -> bool {
    incarnation() != 0
}

/// Whether this process, which has this id, is a child in which the page has not been marked yet.
fn is_new(id: impl FnOnce() -> Option<u32>) -> bool {
    is_watching() && ((!page().is_owned() && !sabotage::NO_INCARNATION) || is_another(id))
}

/// Whether the process with this id is certainly not the one that marked the page.
fn is_another(id: impl FnOnce() -> Option<u32>) -> bool {
    let owner = PROCESS.load(Ordering::Relaxed);
    owner != 0 && id().is_some_and(|id| id != owner)
}

/// Whether anything may be started, locked or allocated in this process. Asked wherever the gate is not open.
/// This function itself needs no lock, no memory and no thread-local.
///
/// # Errors
/// [`Status::Forked`]: this is a child, and something in it may be locked for ever.
pub fn check() -> Result<(), Status> {
    let owned = page().is_owned();
    if sabotage::NO_FORKED_ERROR || (owned && !is_another(kernel::process_id)) {
        return Ok(());
    }
    if owned && page().gate.state() != State::Cold {
        // A child whose kernel does not wipe the page: nobody here can end what the parent has begun.
        return Err(Status::Forked);
    }
    if is_watching() && made_without_handlers() {
        if REGISTERED.load(Ordering::Relaxed) == 1 {
            return Err(Status::Forked);
        }
        page().set_threadless();
    }
    own_page();
    Ok(())
}

/// Whether this child was made without running the handlers, by a parent that may have had several threads.
/// Where the handlers were never registered this can't be known, and the wiped page has to do.
fn made_without_handlers() -> bool {
    REGISTERED.load(Ordering::Relaxed) != 0
        && (CANNOT_START.load(Ordering::Relaxed) == 1 || (had_threads() && !inside_fork()))
}

/// Whether the process or an ancestor may ever have had more than one thread.
fn had_threads() -> bool {
    // Where the C library says that there is no second thread any more, no other thread can hold a lock.
    thread::is_alone().map_or_else(thread::has_made_one, |alone| !alone)
}

/// Whether this is the child's copy of a thread that has called `fork` and is still inside it.
fn inside_fork() -> bool {
    let me = kernel::thread_pointer();
    kernel::is_first_thread()
        && FORKING
            .iter()
            .any(|thread| thread.load(Ordering::Relaxed) == me)
}
