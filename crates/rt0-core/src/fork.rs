//! Forks: how a process knows that it is a child, and whether it may start anything.
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
//! The page itself is the detector. Every process that uses it marks it ([`own`]), in a fork's child the
//! handler does. A page without the mark, of a library that has had one, was wiped behind the handler's
//! back. And processes are counted, from the one that has loaded the library on: [`incarnation`].
//!
//! The process's id is no name for it: the first process of a container has 1, and so has its child, when
//! that is the first of another. An id that is another than before is a proof all the same, where the
//! kernel does not wipe. One that is the same proves nothing.

use core::ffi::c_void;
use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use rt0_abi::Status;

use crate::gate::State;
use crate::generation::page;
use crate::{hold, sabotage, sys, weak};

// What follows stands outside the page: a child has what its parent had. All of it is Relaxed: a child
// has one thread, which sees what the parent's memory was at the fork.

/// 1 once the page has had an owner, in this process or an ancestor.
static OWNED: AtomicU32 = AtomicU32::new(0);

/// How many forks lie between the process that has loaded the library and the one that has marked the
/// page last.
static FORKS: AtomicU32 = AtomicU32::new(0);

/// What [`FORKS`] was when this process, or the one that it is a child of, came to `fork` last.
static AT_FORK: AtomicU32 = AtomicU32::new(0);

/// The id of the process that has marked the page last; 0: the kernel does not tell.
static PROCESS: AtomicU32 = AtomicU32::new(0);

/// 1 when `fork` calls our handlers; 2 when it does and the library can be unmapped: it then has no std
/// inside, and needs none of the locks as long as it makes no thread.
static REGISTERED: AtomicU32 = AtomicU32::new(0);

/// 1 once the library has made a thread, in this process or an ancestor.
static MADE_A_THREAD: AtomicU32 = AtomicU32::new(0);

/// 1 in a child in which nothing can be started, once it forks: what it makes is no better off.
static SPOILT: AtomicU32 = AtomicU32::new(0);

/// The threads that are inside `fork`, by their thread pointers, which they keep in the child. A
/// handler of the host's that the child calls before ours may call the library already.
static FORKING: [AtomicUsize; 8] = [const { AtomicUsize::new(0) }; 8];

/// Has `fork` call our handlers. `file` is what this file is known by; `pinned`: it is never unmapped.
pub(crate) fn register(file: *const c_void, pinned: bool) {
    if !pinned && !sys::TAKES_FORK_HANDLERS_BACK {
        // A fork after `dlclose` would call what is gone. A child is known by its wiped page all the same.
        return;
    }
    // SAFETY: POSIX; the handlers lie in this file, which is never unmapped, or the system takes them back
    // before: glibc and bionic by the file's name, which is given.
    let result = unsafe {
        if let Some(register) = weak::register_atfork() {
            register(Some(before), Some(in_parent), Some(in_child), file)
        } else if let Some(register) = weak::pthread_atfork() {
            register(Some(before), Some(in_parent), Some(in_child))
        } else {
            return;
        }
    };
    let registered = match (result, pinned) {
        (0, true) => 1,
        (0, false) => 2,
        _ => 0,
    };
    REGISTERED.store(registered, Ordering::Relaxed);
}

/// Says that what stands on the page is this process's.
pub(crate) fn own() {
    if is_new() {
        // Of two threads that come here at once in a child, both may count it: the number is another than
        // the parent's, and that is all it is for.
        FORKS.fetch_add(1, Ordering::Relaxed);
    }
    PROCESS.store(sys::process_id().unwrap_or(0), Ordering::Relaxed);
    OWNED.store(1, Ordering::Relaxed);
    page().set_owned();
}

/// Whether the library looks for forks in this process, or has in an ancestor.
pub(crate) fn is_watching() -> bool {
    OWNED.load(Ordering::Relaxed) == 1
}

/// Which process this is, in the line from the one that has loaded the library, which is 0: a number that
/// no ancestor of it has.
pub fn incarnation() -> u32 {
    FORKS.load(Ordering::Relaxed) + u32::from(is_new())
}

/// Whether this is a child in which nobody has marked the page yet.
fn is_new() -> bool {
    is_watching() && ((!page().is_owned() && !sabotage::NO_INCARNATION) || has_another_id())
}

/// Whether this process is certainly another than the one that has marked the page.
fn has_another_id() -> bool {
    let owner = PROCESS.load(Ordering::Relaxed);
    owner != 0 && sys::process_id().is_some_and(|id| id != owner)
}

/// The library makes a thread.
pub(crate) fn thread_made() {
    MADE_A_THREAD.store(1, Ordering::Relaxed);
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
    own();
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
    match weak::libc_single_threaded() {
        // glibc clears it with the first thread. It may set it again when it knows better: then
        // there is no second thread that could hold anything.
        Some(single) => single.load(Ordering::Relaxed) == 0,
        None => MADE_A_THREAD.load(Ordering::Relaxed) == 1,
    }
}

/// Whether this is the child's copy of a thread that has called `fork`, and that is still in it.
fn inside_fork() -> bool {
    let me = sys::thread_pointer();
    sys::is_first_thread()
        && FORKING
            .iter()
            .any(|thread| thread.load(Ordering::Relaxed) == me)
}

/// In the parent, on the thread that forks.
extern "C" fn before() {
    hold::before_fork();
    if !sabotage::NO_FORK_PREPARE && check().is_err() {
        SPOILT.store(1, Ordering::Relaxed);
        return;
    }
    // All threads that fork at a time find the same.
    AT_FORK.store(FORKS.load(Ordering::Relaxed), Ordering::Relaxed);
    if sabotage::NO_FORK_PREPARE {
        return;
    }
    // Where more threads fork at once than there are places, a child whose host calls the library
    // from a handler of its own is refused there; nothing else depends on it.
    for place in &FORKING {
        let me = sys::thread_pointer();
        if place
            .compare_exchange(0, me, Ordering::Relaxed, Ordering::Relaxed)
            .is_ok()
        {
            return;
        }
    }
}

/// In the parent, when the child is made or could not be.
extern "C" fn in_parent() {
    hold::after_fork();
    for place in &FORKING {
        let me = sys::thread_pointer();
        let _ = place.compare_exchange(me, 0, Ordering::Relaxed, Ordering::Relaxed);
    }
}

/// In the child: makes the page what the kernel would make of it, unless it has, and this process its
/// owner.
extern "C" fn in_child() {
    hold::in_child();
    for place in &FORKING {
        place.store(0, Ordering::Relaxed);
    }
    // Another handler, called before this one, may have booted the child's own generation already.
    let counted = FORKS.load(Ordering::Relaxed) != AT_FORK.load(Ordering::Relaxed);
    if !counted && SPOILT.load(Ordering::Relaxed) == 0 {
        page().wipe();
        own();
    }
}
