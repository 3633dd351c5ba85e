//! Linux: an entry in `.init_array`, and one in `.fini_array` for the end (`exit.rs`).
//!
//! glibc passes argc, argv and envp to it, both at start-up and in `dlopen`. musl passes whatever is
//! in the registers. So the registers are read only where the process has a symbol that only glibc
//! has.

use core::ffi::{c_char, c_int};

use crate::args::Given;
use crate::library::Library;
use crate::weak;

/// The constructor's body. [`crate::library!`] puts a function that calls it into `.init_array`.
///
/// # Safety
/// Called by the dynamic loader, or by a start file, with what it passes to constructors.
pub unsafe fn enter(
    library: &'static Library,
    argc: c_int,
    argv: *const *const c_char,
    envp: *const *const c_char,
) {
    let given = weak::gnu_get_libc_version().and_then(|_| {
        // SAFETY: glibc gives its constructors the process's own vectors (its `call_init`), and our
        // caller promises that this is such a call.
        unsafe { Given::new(argc, argv, envp) }
    });
    super::construct(library, given);
}

/// The entries in `.init_array` and `.fini_array`.
#[doc(hidden)]
#[macro_export]
macro_rules! __entry {
    ($table:path) => {
        #[used]
        #[unsafe(link_section = ".init_array")]
        static CONSTRUCTOR: unsafe extern "C" fn(
            ::core::ffi::c_int,
            *const *const ::core::ffi::c_char,
            *const *const ::core::ffi::c_char,
        ) = {
            unsafe extern "C" {
                static rt0_init_of_this_library: ::core::ffi::c_void;
            }

            unsafe extern "C" fn constructor(
                argc: ::core::ffi::c_int,
                argv: *const *const ::core::ffi::c_char,
                envp: *const *const ::core::ffi::c_char,
            ) {
                // A reference that makes the linker take in the object with the table's symbol.
                ::core::hint::black_box(&raw const rt0_init_of_this_library);
                // SAFETY: called by the loader with what it passes to constructors.
                unsafe { $crate::entry::enter(&$table, argc, argv, envp) }
            }
            constructor
        };

        #[used]
        #[unsafe(link_section = ".fini_array")]
        static DESTRUCTOR: unsafe extern "C" fn() = $crate::exit::fini;
    };
}
