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
//! The page itself is the detector. Every process that uses it writes its id there ([`Page::own`]), in a
//! fork's child the handler does. A page without an owner, of a library that has had one, was wiped
//! behind the handler's back.
//!
//! [`Page::own`]: crate::generation::Page::own

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

/// The page gets an owner.
pub(crate) fn owned() {
    OWNED.store(1, Ordering::Relaxed);
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
    let owner = page().owner();
    if sabotage::NO_FORKED_ERROR || owner == sys::process_id() {
        return Ok(());
    }
    if owner != 0 && page().gate.state() != State::Cold {
        // A child whose kernel does not wipe: what the parent has begun nobody ends here.
        return Err(Status::Forked);
    }
    let fresh = OWNED.load(Ordering::Relaxed) == 0;
    if !fresh && behind_the_handlers() {
        if REGISTERED.load(Ordering::Relaxed) == 1 {
            return Err(Status::Forked);
        }
        page().set_threadless();
    }
    page().own();
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
    if sabotage::NO_FORK_PREPARE {
        return;
    }
    if check().is_err() {
        SPOILT.store(1, Ordering::Relaxed);
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
    if page().owner() != sys::process_id() && SPOILT.load(Ordering::Relaxed) == 0 {
        page().wipe();
        page().own();
    }
}
