//! Whether the process has a C library.

use core::sync::atomic::{AtomicU32, Ordering};

use super::process::auxiliary;
use crate::platform::weak_symbols;
use crate::sabotage;

/// No symbol alone is enough to tell: `pthread_create` is in a file of its own in glibc before 2.34, and a
/// statically linked program has only what it calls, and the C library's start-up code. Nor are all symbols
/// together: in a `dlmopen` namespace, a library that depends on no other sees none of them. So we also ask
/// the kernel whether the process has a dynamic loader, which is part of the C library.
pub fn is_without_libc() -> bool {
    if sabotage::NO_C_LIBRARY_CHECK {
        return true;
    }
    weak_symbols::pthread_create().is_none()
        && weak_symbols::cxa_atexit().is_none()
        && weak_symbols::getauxval().is_none()
        && weak_symbols::gnu_get_libc_version().is_none()
        && weak_symbols::dlsym().is_none()
        && weak_symbols::libc_start_main().is_none()
        && (sabotage::NO_LOADER_CHECK || !has_loader())
}

/// Whether the kernel has loaded a dynamic loader beside the program. False without /proc, where we can't
/// tell: no program with a C library runs for long there.
fn has_loader() -> bool {
    /// 0 until we know, then [`YES`] or [`NO`]. We only ask once: later, /proc may be out of reach.
    static KNOWN: AtomicU32 = AtomicU32::new(0);
    const YES: u32 = 1;
    const NO: u32 = 2;
    const AT_BASE: usize = 7;
    // Relaxed: every thread that writes it writes the same value.
    let known = KNOWN.load(Ordering::Relaxed);
    if known != 0 {
        return known == YES;
    }
    let found = auxiliary(AT_BASE).is_some_and(|base| base != 0);
    KNOWN.store(if found { YES } else { NO }, Ordering::Relaxed);
    found
}
