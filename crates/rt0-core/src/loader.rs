//! The loader barrier: waits until the `dlopen` that runs our constructor has returned.
//!
//! std's threads, and much of a C library, take the loader lock sooner or later. While another thread
//! is inside a `dlopen`, running our constructor, it holds that lock. A boot that began now would get
//! stuck half-way, claimed, where nobody could help. So the boot thread first asks the loader for
//! something small that takes the same lock, and claims the boot only then. Until then the thread
//! inside that `dlopen` can still claim the boot itself.
//!
//! There is none in a namespace of its own ([`crate::namespace`]), where nobody would wake us.
//!
//! glibc: `dlopen(NULL)` of what is loaded anyway. On musl it takes no lock, and none is needed: its
//! constructors run without it.

use core::ptr::null;

use crate::{namespace, weak};

/// Waits for the loader; returns at once where there is none.
pub fn barrier() {
    const RTLD_LAZY: i32 = 1;
    const RTLD_NOLOAD: i32 = 4;
    let (Some(dlopen), Some(dlclose)) = (weak::dlopen(), weak::dlclose()) else {
        return;
    };
    if namespace::is_other() {
        return;
    }
    // SAFETY: asks for the program itself, which is loaded; closing the answer only counts down.
    unsafe {
        let program = dlopen(null(), RTLD_LAZY | RTLD_NOLOAD);
        if !program.is_null() {
            dlclose(program);
        }
    }
}
