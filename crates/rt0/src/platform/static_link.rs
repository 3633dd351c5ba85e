//! What a statically linked program needs from its C library.
//!
//! The core refers to these symbols weakly, because it also runs without a C library. But a linker takes
//! nothing out of an archive for a weak symbol, so such a program would contain only the functions that
//! something else happens to use. A library with std has a C library, so this module refers to them strongly.

#[cfg(target_os = "linux")]
use std::{ffi::c_void, hint::black_box};

macro_rules! static_link {
    ($($(#[$only:meta])? $name:ident;)+) => {
        /// Makes the linker include these symbols. Call it from code that every library contains.
        #[cfg(target_os = "linux")]
        pub(crate) fn keep() {
            unsafe extern "C" {
                $($(#[$only])? static $name: c_void;)+
            }
            // Not a call: the address is enough for the linker.
            $($(#[$only])? black_box(&raw const $name);)+
        }

        /// Other systems don't need this.
        #[cfg(not(target_os = "linux"))]
        pub(crate) fn keep() {}
    };
}

static_link! {
    __cxa_atexit;
    __cxa_finalize;
    getauxval;
    // Tells glibc from other C libraries.
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
    // glibc has it under another name, in the same object file as `fork`.
    #[cfg(target_env = "musl")]
    pthread_atfork;
}
