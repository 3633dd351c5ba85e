//! What is done for a fork's child in advance: the kernel is asked to wipe the page in the child, and `fork`
//! to call us before it forks, and afterwards in the parent and in the child.

use core::sync::atomic::{AtomicU32, Ordering};

use super::{child, exclusion};
use crate::generation::{dso_handle, page, wipe_in_children};
use crate::platform::{kernel, weak_symbols};
use crate::sabotage;

/// 1 once [`prepare`] has been called, in this process or an ancestor.
static PREPARED: AtomicU32 = AtomicU32::new(0);

/// Called when the library is loaded. `pinned`: it is never unmapped.
pub(crate) fn prepare(pinned: bool) {
    // Relaxed: every thread writes the same value.
    PREPARED.store(1, Ordering::Relaxed);
    watch_now();
    // Handlers that `fork` calls, for where the kernel can't wipe the page, or an emulator only claims that
    // it does.
    if !sabotage::NO_FORK_HANDLER && !sabotage::NO_FORK_DETECTION {
        register(pinned);
    }
}

/// [`prepare`] for a boot, which may find that the constructor never ran.
pub(crate) fn prepare_if_not_yet(pinned: bool) {
    // Relaxed: the claim of the boot orders it.
    if PREPARED.load(Ordering::Relaxed) == 0 {
        prepare(pinned);
    }
}

/// Starts to watch for forks, for code that may run before [`prepare`]: from now on a fork's child finds the
/// page wiped, and [`incarnation`](super::incarnation) counts it.
pub fn watch() {
    if !child::is_watching() {
        watch_now();
    }
}

fn watch_now() {
    child::own_page();
    wipe_in_children();
}

/// Makes `fork` call our handlers. `pinned`: the library is never unmapped.
fn register(pinned: bool) {
    if !pinned && !kernel::TAKES_FORK_HANDLERS_BACK {
        // A fork after `dlclose` would call code that is gone. A child is still known by its wiped page.
        return;
    }
    // SAFETY: POSIX. The handlers lie in this file, which is never unmapped, or the system takes them back
    // before it is: glibc and bionic find them by the file's address, which is passed.
    let result = unsafe {
        if let Some(register) = weak_symbols::register_atfork() {
            register(Some(before), Some(in_parent), Some(in_child), dso_handle())
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
        child::CANNOT_START.store(1, Ordering::Relaxed);
        return;
    }
    // All threads that fork at the same time store the same value.
    child::AT_FORK.store(child::FORKS.load(Ordering::Relaxed), Ordering::Relaxed);
    if sabotage::NO_FORK_PREPARE {
        return;
    }
    // If more threads fork at once than there are places, a child may be refused when its host calls the
    // library from a handler of its own. Nothing else depends on a place.
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

/// In the parent, when the child has been made or could not be made.
extern "C" fn in_parent() {
    exclusion::after_fork();
    for place in &child::FORKING {
        let me = kernel::thread_pointer();
        let _ = place.compare_exchange(me, 0, Ordering::Relaxed, Ordering::Relaxed);
    }
}

/// In the child: wipes the page as the kernel would, unless that has been done, and makes this process its
/// owner.
extern "C" fn in_child() {
    exclusion::in_child();
    for place in &child::FORKING {
        place.store(0, Ordering::Relaxed);
    }
    // Another handler, called before this one, may have booted the child's own generation already.
    let counted = child::FORKS.load(Ordering::Relaxed) != child::AT_FORK.load(Ordering::Relaxed);
    if !counted && child::CANNOT_START.load(Ordering::Relaxed) == 0 {
        page().wipe();
        child::own_page();
    }
}
