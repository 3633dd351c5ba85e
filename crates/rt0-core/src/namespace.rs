//! Whether the library lies in a namespace of its own, made by `dlmopen` or as an audit module.
//!
//! There everything has two C libraries: the host's, whose locks the loader uses, and one of the
//! namespace, which makes our threads. Three things are then unlike elsewhere:
//!
//! - The handlers of our C library's `exit` are never called: the process ends with the `exit` of the
//!   host's. That is where [`crate::exit`] registers.
//! - The host's C library does not know of our threads. As long as it believes to be alone it gives the
//!   loader lock back without waking anybody: a thread of ours that comes to the loader while the host is
//!   inside it sleeps for ever. (glibc, from 2.34 on.) So a load makes no thread: the first call begins
//!   the boot, when the one thread of such a host waits for us and is not inside the loader. And the boot
//!   thread passes no loader barrier.
//! - A thread of the host's has one place for the value of each key (`pthread_setspecific`), and both C
//!   libraries count their keys from the first. `rt0/src/keys.rs` keeps out of the host's way.

use core::ffi::{c_int, c_long, c_void};
use core::mem::{MaybeUninit, transmute};
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
pub fn is_other() -> bool {
    first().is_some()
}

static REGISTER: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static FORGET: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// Finds it out. For the constructor: anybody else might wait for the loader.
pub(crate) fn look() {
    if !is_separate() {
        return;
    }
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

/// Whether this is not the first namespace, as the loader says. Only glibc has namespaces.
fn is_separate() -> bool {
    const RTLD_DL_LINKMAP: c_int = 2;
    const RTLD_DI_LMID: c_int = 1;
    let (Some(dladdr1), Some(dlinfo)) = (weak::dladdr1(), weak::dlinfo()) else {
        return false;
    };
    let mut info = MaybeUninit::<weak::DlInfo>::zeroed();
    let mut map: *mut c_void = null_mut();
    let mut namespace: c_long = 0;
    // SAFETY: glibc's own interface (dladdr1(3), dlinfo(3)): the first fills in `info`, and gives the
    // loader's entry of the file that holds the address, which is what `dlopen` gives as well; the second
    // writes an `Lmid_t`, which is a long.
    let known = unsafe {
        dladdr1(
            is_separate as *const c_void,
            info.as_mut_ptr(),
            &raw mut map,
            RTLD_DL_LINKMAP,
        ) != 0
            && !map.is_null()
            && dlinfo(map, RTLD_DI_LMID, (&raw mut namespace).cast()) == 0
    };
    known && namespace != 0
}
