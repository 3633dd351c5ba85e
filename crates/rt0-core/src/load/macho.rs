//! Mach-O: an entry in `__mod_init_func`, to which dyld passes argc, argv, envp and apple.
//!
//! There is no terminator, because what dyld does with terminators has changed over the years. A library
//! stays in memory for ever, and learns of the end of the process from the handler of [`crate::exit`].

use core::ffi::{c_char, c_int};

use crate::library::Library;
use crate::library::arguments::Given;

/// The constructor's body. [`crate::library!`] puts a function that calls it into `__mod_init_func`.
///
/// # Safety
/// Called by dyld, with what it passes to constructors.
pub unsafe fn enter(
    library: &'static Library,
    argc: c_int,
    argv: *const *const c_char,
    envp: *const *const c_char,
) {
    // SAFETY: dyld passes the process's own vectors to its constructors, and our caller promises that this is
    // such a call.
    let given = unsafe { Given::new(argc, argv, envp) };
    super::construct(library, given);
}

/// The entry in `__mod_init_func`.
#[doc(hidden)]
#[macro_export]
macro_rules! __entry {
    ($table:path) => {
        $crate::__constructor!("__DATA,__mod_init_func", $table);
    };
}
