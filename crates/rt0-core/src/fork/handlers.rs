//! What is done for a fork's child before there is one: the kernel is asked to wipe the page, and `fork` to call
//! us before, and in parent and child.

use core::sync::atomic::{AtomicU32, Ordering};

use super::{child, exclusion};
use crate::generation::{file, page, wipe_in_children};
use crate::platform::{kernel, weak_symbols};
use crate::sabotage;

/// 1 once [`prepare`] was called, in this process or an ancestor.
static PREPARED: AtomicU32 = AtomicU32::new(0);

/// Called when the library is loaded. `pinned`: it is never unmapped.
pub(crate) fn prepare(pinned: bool) {
    // Relaxed: the value is the same whoever writes it.
    PREPARED.store(1, Ordering::Relaxed);
    watch_now();
    // And where the kernel cannot, or an emulator only says so: handlers that `fork` calls.
    if !sabotage::NO_FORK_HANDLER && !sabotage::NO_FORK_DETECTION {
        register(pinned);
    }
}

/// The same for a boot, which may find that the constructor never ran.
pub(crate) fn prepare_if_not_yet(pinned: bool) {
    // Relaxed: the claim orders it.
    if PREPARED.load(Ordering::Relaxed) == 0 {
        prepare(pinned);
    }
}

/// A part of that, for what comes before it: from now on a fork's child finds the page wiped, and
/// [`incarnation`](super::incarnation) knows it.
pub fn watch() {
    if !child::is_watching() {
        watch_now();
    }
}

fn watch_now() {
    child::own_page();
    wipe_in_children();
}

/// Has `fork` call our handlers. `pinned`: the library is never unmapped.
fn register(pinned: bool) {
    if !pinned && !kernel::TAKES_FORK_HANDLERS_BACK {
        // A fork after `dlclose` would call what is gone. A child is known by its wiped page all the same.
        return;
    }
    // SAFETY: POSIX; the handlers lie in this file, which is never unmapped, or the system takes them back
    // before: glibc and bionic by the file's name, which is given.
    let result = unsafe {
        if let Some(register) = weak_symbols::register_atfork() {
            register(Some(before), Some(in_parent), Some(in_child), file())
        } else if let Some(register) = weak_symbols::pthread_atfork() {
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
    child::REGISTERED.store(registered, Ordering::Relaxed);
}

/// In the parent, on the thread that forks.
extern "C" fn before() {
    exclusion::before_fork();
    if !sabotage::NO_FORK_PREPARE && child::check().is_err() {
        child::SPOILT.store(1, Ordering::Relaxed);
        return;
    }
    // All threads that fork at a time find the same.
    child::AT_FORK.store(child::FORKS.load(Ordering::Relaxed), Ordering::Relaxed);
    if sabotage::NO_FORK_PREPARE {
        return;
    }
    // Where more threads fork at once than there are places, a child whose host calls the library
    // from a handler of its own is refused there; nothing else depends on it.
    for place in &child::FORKING {
        let me = kernel::thread_pointer();
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
    exclusion::after_fork();
    for place in &child::FORKING {
        let me = kernel::thread_pointer();
        let _ = place.compare_exchange(me, 0, Ordering::Relaxed, Ordering::Relaxed);
    }
}

/// In the child: makes the page what the kernel would make of it, unless it has, and this process its
/// owner.
extern "C" fn in_child() {
    exclusion::in_child();
    for place in &child::FORKING {
        place.store(0, Ordering::Relaxed);
    }
    // Another handler, called before this one, may have booted the child's own generation already.
    let counted = child::FORKS.load(Ordering::Relaxed) != child::AT_FORK.load(Ordering::Relaxed);
    if !counted && child::SPOILT.load(Ordering::Relaxed) == 0 {
        page().wipe();
        child::own_page();
    }
}
