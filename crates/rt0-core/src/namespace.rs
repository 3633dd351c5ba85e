//! Whether the library lies in a namespace of its own, made by glibc's `dlmopen`.
//!
//! Such a library has a C library of its own. Two things are then unlike elsewhere:
//!
//! - The handlers of that C library's `exit` are never called: the process ends with the `exit` of the
//!   first namespace's. That is where [`crate::exit`] registers.
//! - The loader lock is shared, but each C library decides by itself whether the process has but one
//!   thread. The first one, which does not know of our threads, gives the lock back without waking those
//!   who wait for it. So our boot thread must not wait for it ([`crate::loader`]).

use core::ffi::{c_int, c_long, c_void};
use core::mem::transmute;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

use crate::exit::{CxaAtexit, CxaFinalize};
use crate::weak;

/// What registers, and takes back, exit handlers.
#[derive(Clone, Copy)]
pub(crate) struct Handlers {
    pub register: CxaAtexit,
    pub forget: CxaFinalize,
}

/// Those of the C library that this file is bound to.
pub(crate) fn ours() -> Option<Handlers> {
    Some(Handlers {
        register: weak::cxa_atexit()?,
        forget: weak::cxa_finalize()?,
    })
}

/// Those of the first namespace's C library, where that is another.
pub(crate) fn first() -> Option<Handlers> {
    // Relaxed: written by the constructor, before anybody asks.
    let [register, forget] = [&REGISTER, &FORGET].map(|word| word.load(Ordering::Relaxed));
    // SAFETY: null, which is `None`, or what `look` has found: functions of these types.
    unsafe {
        Some(Handlers {
            register: transmute::<*mut c_void, Option<CxaAtexit>>(register)?,
            forget: transmute::<*mut c_void, Option<CxaFinalize>>(forget)?,
        })
    }
}

/// Whether this is not the first namespace.
pub(crate) fn is_other() -> bool {
    first().is_some()
}

static REGISTER: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static FORGET: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// Finds it out. For the constructor: anybody else might wait for the loader. Only glibc has namespaces.
pub(crate) fn look() {
    const FIRST: c_long = 0;
    const RTLD_LAZY: c_int = 1;
    const RTLD_NOLOAD: c_int = 4;
    let (Some(dlmopen), Some(dlsym), Some(dlclose), Some(ours)) =
        (weak::dlmopen(), weak::dlsym(), weak::dlclose(), ours())
    else {
        return;
    };
    // SAFETY: dlmopen(3) of what is loaded anyway, and stays so when the handle is closed. The two
    // symbols are functions of these types by the Itanium C++ ABI.
    unsafe {
        let library = dlmopen(FIRST, c"libc.so.6".as_ptr(), RTLD_LAZY | RTLD_NOLOAD);
        if library.is_null() {
            return;
        }
        let register = dlsym(library, c"__cxa_atexit".as_ptr());
        if register as usize != ours.register as usize {
            // Relaxed: nobody else is there yet.
            REGISTER.store(register, Ordering::Relaxed);
            FORGET.store(
                dlsym(library, c"__cxa_finalize".as_ptr()),
                Ordering::Relaxed,
            );
        }
        dlclose(library);
    }
}
