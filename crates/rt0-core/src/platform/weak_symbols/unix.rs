//! Functions of the C library and of the layer above that the process may have. If it has no C library, the
//! words of the C library's functions are null.

use core::ffi::{c_char, c_int, c_uint, c_ulong, c_void};
use core::sync::atomic::AtomicU8;

use super::ThreadStart;
use crate::platform::assembler::{elf_only, weak};

/// POSIX's `pthread_key_t`.
#[cfg(not(target_vendor = "apple"))]
pub type RawKey = c_uint;
/// POSIX's `pthread_key_t`.
#[cfg(target_vendor = "apple")]
pub type RawKey = c_ulong;

/// A handler that `fork` calls.
pub type ForkHandler = extern "C" fn();

/// `__cxa_thread_atexit_impl`: takes a function, its argument, and an address in the calling file.
pub type ThreadAtExit =
    unsafe extern "C" fn(unsafe extern "C" fn(*mut c_void), *mut c_void, *mut c_void) -> c_int;

/// `__cxa_atexit`.
pub(crate) type CxaAtexit =
    unsafe extern "C" fn(extern "C" fn(*mut c_void), *mut c_void, *const c_void) -> c_int;

/// `__cxa_finalize`.
pub(crate) type CxaFinalize = unsafe extern "C" fn(*const c_void);

weak! {
    /// POSIX `pthread_create`.
    pthread_create = "pthread_create",
        unsafe extern "C" fn(*mut usize, *const c_void, ThreadStart, *mut c_void) -> c_int;
    /// POSIX `pthread_join`.
    pthread_join = "pthread_join",
        unsafe extern "C" fn(usize, *mut *mut c_void) -> c_int;
    /// POSIX `pthread_detach`.
    pthread_detach = "pthread_detach", unsafe extern "C" fn(usize) -> c_int;
    /// POSIX `pthread_attr_init`.
    pthread_attr_init = "pthread_attr_init", unsafe extern "C" fn(*mut c_void) -> c_int;
    /// POSIX `pthread_attr_setstacksize`.
    pthread_attr_setstacksize = "pthread_attr_setstacksize",
        unsafe extern "C" fn(*mut c_void, usize) -> c_int;
    /// POSIX `pthread_attr_destroy`.
    pthread_attr_destroy = "pthread_attr_destroy", unsafe extern "C" fn(*mut c_void) -> c_int;
    /// POSIX `pthread_setcancelstate`.
    pthread_setcancelstate = "pthread_setcancelstate",
        unsafe extern "C" fn(c_int, *mut c_int) -> c_int;
    /// POSIX `clock_gettime`. Its timespec differs between C libraries.
    clock_gettime = "clock_gettime", unsafe extern "C" fn(c_int, *mut c_void) -> c_int;
    /// POSIX `pthread_key_create`.
    pthread_key_create = "pthread_key_create",
        unsafe extern "C" fn(*mut RawKey, Option<unsafe extern "C" fn(*mut c_void)>) -> c_int;
    /// POSIX `pthread_key_delete`.
    pthread_key_delete = "pthread_key_delete", unsafe extern "C" fn(RawKey) -> c_int;
    /// POSIX `pthread_getspecific`.
    pthread_getspecific = "pthread_getspecific", unsafe extern "C" fn(RawKey) -> *mut c_void;
    /// POSIX `pthread_setspecific`.
    pthread_setspecific = "pthread_setspecific",
        unsafe extern "C" fn(RawKey, *const c_void) -> c_int;
    /// POSIX `pthread_atfork`: musl's. glibc's shared library does not export it.
    pthread_atfork = "pthread_atfork",
        unsafe extern "C" fn(
            Option<ForkHandler>,
            Option<ForkHandler>,
            Option<ForkHandler>,
        ) -> c_int;
    /// The Itanium C++ ABI's `__cxa_atexit`: registers what `exit` calls.
    cxa_atexit = "__cxa_atexit", CxaAtexit;
    /// The Itanium C++ ABI's `__cxa_finalize`: calls and removes what a file has registered.
    cxa_finalize = "__cxa_finalize", CxaFinalize;
    /// POSIX `dlsym`. By it `platform/loader` finds the loader's other functions.
    dlsym = "dlsym", unsafe extern "C" fn(*mut c_void, *const c_char) -> *mut c_void;
}

// Only systems with ELF files have these. On others they are `None`.
elf_only! {
    /// What std calls to have something destroyed at a thread's end: the C library's function, or our own if
    /// the linker has put it in place.
    thread_atexit = "__cxa_thread_atexit_impl", ThreadAtExit;
    /// The C library's function, if the linker has put our own in its place. The linker's `-wrap` gives it this
    /// name.
    real_thread_atexit = "__real___cxa_thread_atexit_impl", ThreadAtExit;
    /// glibc's `pthread_atfork`, which is also told which file the handlers are in.
    register_atfork = "__register_atfork",
        unsafe extern "C" fn(
            Option<ForkHandler>,
            Option<ForkHandler>,
            Option<ForkHandler>,
            *const c_void,
        ) -> c_int;
    /// glibc's flag that the process has never had a second thread, from 2.32 on.
    libc_single_threaded = "__libc_single_threaded", &'static AtomicU8;
    /// The C library's `dlsym`, likewise.
    real_dlsym = "__real_dlsym", unsafe extern "C" fn(*mut c_void, *const c_char) -> *mut c_void;
    /// The C library's `getenv`, likewise.
    real_getenv = "__real_getenv", unsafe extern "C" fn(*const c_char) -> *mut c_char;
    /// POSIX `fcntl`, likewise.
    real_fcntl = "__real_fcntl", unsafe extern "C" fn(c_int, c_int, ...) -> c_int;
    /// POSIX `socketpair`, likewise.
    real_socketpair = "__real_socketpair",
        unsafe extern "C" fn(c_int, c_int, c_int, *mut [c_int; 2]) -> c_int;
    /// Linux's `epoll_create1`, likewise.
    real_epoll_create1 = "__real_epoll_create1", unsafe extern "C" fn(c_int) -> c_int;
    /// Linux's `eventfd`, likewise.
    real_eventfd = "__real_eventfd", unsafe extern "C" fn(c_uint, c_int) -> c_int;
    /// Linux's `epoll_ctl`, likewise.
    real_epoll_ctl = "__real_epoll_ctl",
        unsafe extern "C" fn(c_int, c_int, c_int, *mut c_void) -> c_int;
    /// Linux's `epoll_wait`, likewise.
    real_epoll_wait = "__real_epoll_wait",
        unsafe extern "C" fn(c_int, *mut c_void, c_int, c_int) -> c_int;
    /// POSIX `write`, likewise.
    real_write = "__real_write", unsafe extern "C" fn(c_int, *const c_void, usize) -> isize;
    /// The Itanium C++ ABI's `_Unwind_SetGR`, likewise.
    real_unwind_set_gr = "__real__Unwind_SetGR",
        unsafe extern "C" fn(*mut c_void, c_int, usize);
    /// glibc's `dladdr1`, which also gives the loader's own entry for the file.
    dladdr1 = "dladdr1",
        unsafe extern "C" fn(*const c_void, *mut DlInfo, *mut *mut c_void, c_int) -> c_int;
    /// glibc's `dlinfo`.
    dlinfo = "dlinfo", unsafe extern "C" fn(*mut c_void, c_int, *mut c_void) -> c_int;
    /// glibc's, musl's and the BSDs' `dl_iterate_phdr`: calls a function for each loaded file.
    dl_iterate_phdr = "dl_iterate_phdr",
        unsafe extern "C" fn(
            unsafe extern "C" fn(*const c_void, usize, *mut c_void) -> c_int,
            *mut c_void,
        ) -> c_int;
    /// LeakSanitizer's: from now on it does not report this thread's allocations as leaks.
    lsan_disable = "__lsan_disable", unsafe extern "C" fn();
    /// LeakSanitizer's: from now on it reports them again.
    lsan_enable = "__lsan_enable", unsafe extern "C" fn();
    /// `getauxval`, of glibc, musl and bionic.
    getauxval = "getauxval", unsafe extern "C" fn(c_ulong) -> c_ulong;
    /// `getrandom`, of glibc, musl and bionic.
    getrandom = "getrandom", unsafe extern "C" fn(*mut c_void, usize, c_uint) -> isize;
    /// What the start files of glibc and musl call, so every program that is linked with either has it.
    libc_start_main = "__libc_start_main", unsafe extern "C" fn();
    /// Only glibc has this. It shows that constructors get the arguments.
    gnu_get_libc_version = "gnu_get_libc_version", unsafe extern "C" fn() -> *const c_char;
}

/// What `dladdr` fills in.
#[repr(C)]
pub struct DlInfo {
    /// The path of the file.
    pub file: *const c_char,
    /// Where it is loaded.
    pub base: *mut c_void,
    /// The nearest symbol.
    pub symbol: *const c_char,
    /// Its address.
    pub address: *mut c_void,
}
