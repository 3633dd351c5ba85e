//! Whether the process has a C library.

use core::sync::atomic::{AtomicU32, Ordering};

use super::process::auxiliary;
use crate::platform::weak_symbols;
use crate::sabotage;

/// None of the symbols alone tells: `pthread_create` is in a file of its own in glibc before 2.34, and a
/// program that is linked statically has only what it calls, and the start of the C library. Nor do they
/// all together: in a namespace of `dlmopen` a library that needs no other sees none. So the kernel is
/// asked as well whether the process has a dynamic loader, which is a part of the C library.
pub fn is_without_libc() -> bool {
    if sabotage::NO_C_LIBRARY_CHECK {
        return true;
    }
    weak_symbols::pthread_create().is_none()
        && weak_symbols::cxa_atexit().is_none()
        && weak_symbols::getauxval().is_none()
        && weak_symbols::gnu_get_libc_version().is_none()
        && weak_symbols::dlopen().is_none()
        && weak_symbols::libc_start_main().is_none()
        && (sabotage::NO_LOADER_CHECK || !has_loader())
}

/// Whether the kernel has loaded a dynamic loader beside the program. Without /proc nobody can tell: no
/// C library runs its programs there for long.
fn has_loader() -> bool {
    /// 0 until it is known, then [`YES`] or [`NO`]. Asked once: later /proc may be out of reach.
    static KNOWN: AtomicU32 = AtomicU32::new(0);
    const YES: u32 = 1;
    const NO: u32 = 2;
    const AT_BASE: usize = 7;
    // Relaxed: the value is the same whoever writes it.
    let known = KNOWN.load(Ordering::Relaxed);
    if known != 0 {
        return known == YES;
    }
    let found = auxiliary(AT_BASE).is_some_and(|base| base != 0);
    KNOWN.store(if found { YES } else { NO }, Ordering::Relaxed);
    found
}
