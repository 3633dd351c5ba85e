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
use core::sync::atomic::{AtomicBool, Ordering};

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

/// Those of the first namespace's C library, where that is another. glibc only.
pub(crate) fn first() -> Option<Handlers> {
    const FIRST: c_long = 0;
    const RTLD_LAZY: c_int = 1;
    const RTLD_NOLOAD: c_int = 4;
    let ours = ours()?;
    let (dlmopen, dlsym, dlclose) = (weak::dlmopen()?, weak::dlsym()?, weak::dlclose()?);
    // SAFETY: dlmopen(3) of what is loaded anyway, and stays so when the handle is closed. The two
    // symbols are functions of these types by the Itanium C++ ABI; a null is `None`.
    unsafe {
        let library = dlmopen(FIRST, c"libc.so.6".as_ptr(), RTLD_LAZY | RTLD_NOLOAD);
        if library.is_null() {
            return None;
        }
        let register = dlsym(library, c"__cxa_atexit".as_ptr());
        let forget = dlsym(library, c"__cxa_finalize".as_ptr());
        dlclose(library);
        let first = Handlers {
            register: transmute::<*mut c_void, Option<CxaAtexit>>(register)?,
            forget: transmute::<*mut c_void, Option<CxaFinalize>>(forget)?,
        };
        let is_other = register as usize != ours.register as usize;
        // Relaxed: always the same, and first written by the constructor, before there is a thread.
        OTHER.store(is_other, Ordering::Relaxed);
        is_other.then_some(first)
    }
}

static OTHER: AtomicBool = AtomicBool::new(false);

/// Whether this is not the first namespace; known once the constructor has registered its handler.
pub(crate) fn is_other() -> bool {
    OTHER.load(Ordering::Relaxed)
}
