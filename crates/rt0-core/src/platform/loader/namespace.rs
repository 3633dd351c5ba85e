//! Whether the library is in a namespace of its own, made by `dlmopen` or for an audit module.
//!
//! Such a process has two C libraries: the host's, whose locks the loader uses, and the namespace's, which
//! makes our threads. Four things are then different:
//!
//! - The handlers of our C library's `exit` are never called: the process ends with the `exit` of the host's
//!   C library. [`crate::exit`] registers there.
//! - The host's C library does not know of our threads. As long as glibc (from 2.34 on) thinks that the
//!   process has one thread, it takes no lock in `malloc`, and releases the loader's lock without waking
//!   anybody. But our threads use both: the loader gets memory for the thread-locals of *every* namespace
//!   from the host's `malloc`. Two threads in it at once corrupt its heap, or get the same memory for their
//!   thread-locals. glibc takes its locks for good once it has made a thread itself. So before our first
//!   thread we have it make one, which does nothing (`thread/host_libc.rs`).
//! - A load makes no thread there: the first call begins the boot. The boot thread skips the loader barrier.
//! - A thread of the host's has one slot for the value of each key (`pthread_setspecific`), and both C
//!   libraries number their keys from the same start. `rt0/src/interpose/keys.rs` keeps out of the host's
//!   way.

use core::ffi::{CStr, c_int, c_long, c_void};
use core::mem::{MaybeUninit, transmute};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

use super::{look_up, this_file};
use crate::platform::weak_symbols::{self, CxaAtexit, CxaFinalize};

/// The functions that register and remove exit handlers.
#[derive(Clone, Copy)]
pub(crate) struct Handlers {
    pub register: CxaAtexit,
    pub forget: CxaFinalize,
}

/// The functions of the C library that this file is linked to.
pub(crate) fn our_handlers() -> Option<Handlers> {
    Some(Handlers {
        register: weak_symbols::cxa_atexit()?,
        forget: weak_symbols::cxa_finalize()?,
    })
}

/// The functions of the first namespace's C library, if that is a different one.
pub(crate) fn hosts_handlers() -> Option<Handlers> {
    // Relaxed: the constructor wrote them before anybody reads them.
    let (register, forget) = (
        REGISTER.load(Ordering::Relaxed),
        FORGET.load(Ordering::Relaxed),
    );
    // SAFETY: null, which is `None`, or what `detect` has found: functions of these types.
    unsafe {
        Some(Handlers {
            register: transmute::<*mut c_void, Option<CxaAtexit>>(register)?,
            forget: transmute::<*mut c_void, Option<CxaFinalize>>(forget)?,
        })
    }
}

pub fn is_other() -> bool {
    hosts_handlers().is_some()
}

static REGISTER: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static FORGET: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// Finds the host's functions. Only the constructor may call this: any other thread might wait for the
/// loader.
pub(crate) fn detect() {
    if !is_separate() {
        return;
    }
    const FIRST: c_long = 0;
    const RTLD_LAZY: c_int = 1;
    const RTLD_NOLOAD: c_int = 4;
    let (Some(dlmopen), Some(dlsym), Some(dlclose), Some(ours)) = (
        look_up::open_in(),
        weak_symbols::dlsym(),
        look_up::close(),
        our_handlers(),
    ) else {
        return;
    };
    // SAFETY: dlmopen(3) of a library that is loaded anyway, and stays loaded when the handle is closed. The
    // symbols are functions of these types by the Itanium C++ ABI and by POSIX.
    unsafe {
        let library = dlmopen(FIRST, c"libc.so.6".as_ptr(), RTLD_LAZY | RTLD_NOLOAD);
        if library.is_null() {
            return;
        }
        let register = dlsym(library, c"__cxa_atexit".as_ptr());
        if register as usize != ours.register as usize {
            // Relaxed: nobody reads them yet.
            REGISTER.store(register, Ordering::Relaxed);
            let find = |word: &AtomicPtr<c_void>, name: &CStr| {
                word.store(dlsym(library, name.as_ptr()), Ordering::Relaxed);
            };
            find(&FORGET, c"__cxa_finalize");
            if has_threads_inside() {
                find(&CREATE, c"pthread_create");
                find(&JOIN, c"pthread_join");
            }
        }
        dlclose(library);
    }
}

/// The functions by which a C library makes a thread, and waits for its end.
#[derive(Clone, Copy)]
pub(crate) struct Threads {
    pub create: Create,
    pub join: Join,
}

/// Those of the first namespace's C library, if that is a different one and must be told of our threads.
pub(crate) fn hosts_threads() -> Option<Threads> {
    if !is_other() {
        return None;
    }
    // Relaxed: the constructor wrote them before anybody reads them.
    let (create, join) = (CREATE.load(Ordering::Relaxed), JOIN.load(Ordering::Relaxed));
    // SAFETY: null, which is `None`, or what `detect` has found: POSIX's functions of these types.
    unsafe {
        Some(Threads {
            create: transmute::<*mut c_void, Option<Create>>(create)?,
            join: transmute::<*mut c_void, Option<Join>>(join)?,
        })
    }
}

type Create = unsafe extern "C" fn(
    *mut usize,
    *const c_void,
    weak_symbols::ThreadStart,
    *mut c_void,
) -> c_int;
type Join = unsafe extern "C" fn(usize, *mut *mut c_void) -> c_int;

/// `pthread_create` and `pthread_join` of the host's C library.
static CREATE: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static JOIN: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// Whether the C library has the functions for threads in it, as glibc's has from 2.34 on. Before, each thread keeps for
/// itself whether it is alone. An older `dlsym` that finds no such name in another namespace ends the process.
fn has_threads_inside() -> bool {
    weak_symbols::gnu_get_libc_version().is_some_and(|version| {
        // SAFETY: glibc's function; its text is a constant, which begins with "2." and one or two digits. (std needs
        // more than the versions with one.)
        let minor = unsafe { version().add(2).cast::<[u8; 2]>().read() };
        minor >= *b"34"
    })
}

/// Whether the loader says that this is another namespace than the first. Only glibc has namespaces.
fn is_separate() -> bool {
    const RTLD_DL_LINKMAP: c_int = 2;
    const RTLD_DI_LMID: c_int = 1;
    let (Some(dladdr1), Some(dlinfo)) = (weak_symbols::dladdr1(), weak_symbols::dlinfo()) else {
        return false;
    };
    let mut info = MaybeUninit::<weak_symbols::DlInfo>::zeroed();
    let mut map: *mut c_void = null_mut();
    let mut namespace: c_long = 0;
    // SAFETY: glibc's own interface (dladdr1(3), dlinfo(3)). dladdr1 fills in `info` and gives the loader's
    // entry for the file that holds the address; `dlopen` returns the same entry as its handle. dlinfo writes
    // an `Lmid_t`, which is a long.
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
    if known {
        this_file::is_known_as(map);
    }
    known && namespace != 0
}
