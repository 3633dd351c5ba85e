//! How a process knows that it is a fork's child, and whether it may start anything.
//!
//! | the child was made by | the page there | our handler there | what it may do |
//! |---|---|---|---|
//! | `fork` | wiped by the kernel, or by the handler | runs | boot |
//! | `_Fork`, a raw `clone`, of a parent with one thread | wiped by the kernel | does not run | boot |
//! | the same, of a parent with several threads | wiped by the kernel | does not run | nothing: [`Status::Forked`]; a library without std boots, on the caller's thread |
//! | `vfork`, `posix_spawn` | the parent's own | does not run | `exec` |
//!
//! `fork` sees to it that the C library's own locks are free in the child. Without it `malloc` may be
//! locked for ever there, by a thread that the child does not have. So nothing on the way to
//! [`Status::Forked`] allocates, locks or touches a thread-local, whose memory may be allocated at the
//! first touch.
//!
//! The page itself is the detector. Every process that uses it marks it ([`own_page`]), in a fork's child the
//! handler does. A page without the mark, of a library that has had one, was wiped behind the handler's
//! back. And processes are counted, from the one that has loaded the library on: [`incarnation`].
//!
//! The process's id is no name for it: the first process of a container has 1, and so has its child, when
//! that is the first of another. An id that is another than before is a proof all the same, where the
//! kernel does not wipe. One that is the same proves nothing.

use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use rt0_abi::Status;

use crate::generation::page;
use crate::platform::{kernel, thread, weak_symbols};
use crate::protocol::gate::State;
use crate::sabotage;

// What follows stands outside the page: a child has what its parent had. All of it is Relaxed: a child
// has one thread, which sees what the parent's memory was at the fork.

/// 1 once the page has had an owner, in this process or an ancestor.
static OWNED: AtomicU32 = AtomicU32::new(0);

/// How many forks lie between the process that has loaded the library and the one that has marked the
/// page last.
pub(super) static FORKS: AtomicU32 = AtomicU32::new(0);

/// What [`FORKS`] was when this process, or the one that it is a child of, came to `fork` last.
pub(super) static AT_FORK: AtomicU32 = AtomicU32::new(0);

/// The id of the process that has marked the page last; 0: the kernel does not tell.
static PROCESS: AtomicU32 = AtomicU32::new(0);

/// 1 when `fork` calls our handlers; 2 when it does and the library can be unmapped: it then has no std
/// inside, and needs none of the locks as long as it makes no thread.
pub(super) static REGISTERED: AtomicU32 = AtomicU32::new(0);

/// 1 in a child in which nothing can be started, once it forks: what it makes is no better off.
pub(super) static SPOILT: AtomicU32 = AtomicU32::new(0);

/// The threads that are inside `fork`, by their thread pointers, which they keep in the child. A
/// handler of the host's that the child calls before ours may call the library already.
pub(super) static FORKING: [AtomicUsize; 8] = [const { AtomicUsize::new(0) }; 8];

/// Says that what stands on the page is this process's.
pub(crate) fn own_page() {
    if is_new() {
        // Of two threads that come here at once in a child, both may count it: the number is another than
        // the parent's, and that is all it is for.
        FORKS.fetch_add(1, Ordering::Relaxed);
    }
    PROCESS.store(kernel::process_id().unwrap_or(0), Ordering::Relaxed);
    OWNED.store(1, Ordering::Relaxed);
    page().set_owned();
}

/// Whether the library looks for forks in this process, or has in an ancestor.
pub(super) fn is_watching() -> bool {
    OWNED.load(Ordering::Relaxed) == 1
}

/// Which process this is, in the line from the one that has loaded the library, which is 0: a number that
/// no ancestor of it has.
pub fn incarnation() -> u32 {
    FORKS.load(Ordering::Relaxed) + u32::from(is_new())
}

/// Whether this process is a fork's child of the one that loaded the library.
pub fn is_child() -> bool {
    incarnation() != 0
}

/// Whether this is a child in which nobody has marked the page yet.
fn is_new() -> bool {
    is_watching() && ((!page().is_owned() && !sabotage::NO_INCARNATION) || has_another_id())
}

/// Whether this process is certainly another than the one that has marked the page.
fn has_another_id() -> bool {
    let owner = PROCESS.load(Ordering::Relaxed);
    owner != 0 && kernel::process_id().is_some_and(|id| id != owner)
}

/// Whether anything may be started, locked or allocated in this process. Asked wherever the gate is
/// not open; needs no lock, no memory and no thread-local itself.
///
/// # Errors
/// [`Status::Forked`]: it is a child, and something in it may be locked for ever.
pub fn check() -> Result<(), Status> {
    let owned = page().is_owned();
    if sabotage::NO_FORKED_ERROR || (owned && !has_another_id()) {
        return Ok(());
    }
    if owned && page().gate.state() != State::Cold {
        // A child whose kernel does not wipe: what the parent has begun nobody ends here.
        return Err(Status::Forked);
    }
    if is_watching() && behind_the_handlers() {
        if REGISTERED.load(Ordering::Relaxed) == 1 {
            return Err(Status::Forked);
        }
        page().set_threadless();
    }
    own_page();
    Ok(())
}

/// Whether this child was made without the handlers, by a parent that may have had several threads.
/// Where they were never registered nothing is known, and the page's being wiped must do.
fn behind_the_handlers() -> bool {
    REGISTERED.load(Ordering::Relaxed) != 0
        && (SPOILT.load(Ordering::Relaxed) == 1 || (had_threads() && !inside_fork()))
}

/// Whether the process, or an ancestor of it, may ever have had more than one thread.
fn had_threads() -> bool {
    match weak_symbols::libc_single_threaded() {
        // glibc clears it with the first thread. It may set it again when it knows better: then
        // there is no second thread that could hold anything.
        Some(single) => single.load(Ordering::Relaxed) == 0,
        None => thread::has_made_one(),
    }
}

/// Whether this is the child's copy of a thread that has called `fork`, and that is still in it.
fn inside_fork() -> bool {
    let me = kernel::thread_pointer();
    kernel::is_first_thread()
        && FORKING
            .iter()
            .any(|thread| thread.load(Ordering::Relaxed) == me)
}
