//! ELF systems: an entry in `.init_array`, and one in `.fini_array` for the end (`exit/unload.rs`).
//!
//! Some systems pass argc, argv and envp to the constructor, both at start-up and in `dlopen`. On the others
//! the registers hold arbitrary values. So the registers are read only on systems that are known to pass them
//! ([`kernel::constructors_get_arguments`]).

use core::ffi::{c_char, c_int};

use crate::library::Library;
use crate::library::arguments::Given;
use crate::platform::{image, kernel};

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
    let given = if kernel::constructors_get_arguments(image::is_program) {
        // SAFETY: this system passes the process's own vectors to its constructors, and our caller promises
        // that this is such a call.
        unsafe { Given::new(argc, argv, envp) }
    } else {
        None
    };
    super::construct(library, given);
}

/// The entries in `.init_array` and `.fini_array`.
#[doc(hidden)]
#[macro_export]
macro_rules! __entry {
    ($table:path) => {
        $crate::__constructor!(".init_array", $table);

        #[used]
        #[unsafe(link_section = ".fini_array")]
        static DESTRUCTOR: unsafe extern "C" fn() = $crate::exit::fini;
    };
}
