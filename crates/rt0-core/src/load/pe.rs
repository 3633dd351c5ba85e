//! PE: Windows. A callback for thread-local storage, which the loader calls when the file is loaded and when
//! it is unloaded.
//!
//! It is used rather than a constructor in `.CRT$XC` because it runs before the constructors of the same
//! file, needs no C library to call it, and is called at the end as well.
//!
//! It runs under the loader's lock, and so does the start of each thread. So the boot thread starts to run
//! when the load is over. The loader passes nothing that leads to the arguments.

use crate::exit;
use crate::library::Library;

const DLL_PROCESS_DETACH: u32 = 0;
const DLL_PROCESS_ATTACH: u32 = 1;

/// The callback's body. [`crate::library!`] puts a function that calls it into `.CRT$XLB`.
///
/// # Safety
/// Called by the loader, with what it passes to such callbacks.
pub unsafe fn enter(library: &'static Library, reason: u32) {
    match reason {
        DLL_PROCESS_ATTACH => super::construct(library, None),
        DLL_PROCESS_DETACH => exit::end(library),
        // A thread of the host begins or ends.
        _ => {}
    }
}

/// The entry in `.CRT$XLB`.
#[doc(hidden)]
#[macro_export]
macro_rules! __entry {
    ($table:path) => {
        #[used]
        #[unsafe(link_section = ".CRT$XLB")]
        static CONSTRUCTOR: unsafe extern "system" fn(
            *mut ::core::ffi::c_void,
            u32,
            *mut ::core::ffi::c_void,
        ) = {
            unsafe extern "C" {
                static rt0_init_of_this_library: ::core::ffi::c_void;
                // From this symbol the linker makes the directory that leads to the callback.
                static _tls_used: ::core::ffi::c_void;
            }

            unsafe extern "system" fn constructor(
                _module: *mut ::core::ffi::c_void,
                reason: u32,
                // Always null, unlike what a `DllMain` gets: it does not tell an unload from the end of the
                // process.
                _reserved: *mut ::core::ffi::c_void,
            ) {
                // These references make the linker include the objects with these symbols.
                ::core::hint::black_box(&raw const rt0_init_of_this_library);
                ::core::hint::black_box(&raw const _tls_used);
                // SAFETY: called by the loader with what it passes to such callbacks.
                unsafe { $crate::load::enter(&$table, reason) }
            }
            constructor
        };
    };
}
