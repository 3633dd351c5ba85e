//! What a statically linked program needs of its C library.
//!
//! The core refers to all of it weakly, since it also runs without a C library. But for a weak name no linker takes
//! anything out of an archive: such a program would have only what something else happens to use. With std
//! inside there is a C library, so it is asked for outright.

#[cfg(target_os = "linux")]
use std::{ffi::c_void, hint::black_box};

macro_rules! static_link {
    ($($(#[$only:meta])? $name:ident;)+) => {
        /// Has the linker take it in. To be called by what every library has.
        #[cfg(target_os = "linux")]
        pub(crate) fn keep() {
            unsafe extern "C" {
                $($(#[$only])? static $name: c_void;)+
            }
            // Not a call: the address is enough for the linker.
            $($(#[$only])? black_box(&raw const $name);)+
        }

        /// Elsewhere nothing is linked so.
        #[cfg(not(target_os = "linux"))]
        pub(crate) fn keep() {}
    };
}

static_link! {
    __cxa_atexit;
    __cxa_finalize;
    getauxval;
    // By it glibc is known from others.
    #[cfg(target_env = "gnu")]
    gnu_get_libc_version;
    pthread_attr_destroy;
    pthread_attr_init;
    pthread_attr_setstacksize;
    pthread_create;
    pthread_detach;
    pthread_getspecific;
    pthread_join;
    pthread_key_create;
    pthread_key_delete;
    pthread_setcancelstate;
    pthread_setspecific;
    // glibc's has it in one piece with `fork`, by another name.
    #[cfg(target_env = "musl")]
    pthread_atfork;
}
