//! Symbols that may or may not be defined.
//!
//! A weak undefined symbol is null if nothing defines it. Stable Rust can't declare one, so we do it in
//! assembly ([`crate::platform::assembler`]): one word per symbol, which the linker or the loader fills in.
//! The words are hidden, so that two libraries in one process never share them.
//!
//! This is how the crate does without a C library. What a process may have is in `unix.rs`. On Windows there
//! are only the symbols of the file that we are part of.

#[cfg(not(windows))]
mod unix;
#[cfg(not(windows))]
pub use self::unix::*;

use core::ffi::c_void;

use crate::platform::assembler::in_this_file;

/// The function that a new thread runs.
pub type ThreadStart = extern "C" fn(*mut c_void) -> *mut c_void;

// What the file that we are part of may define. These are addresses, not references: what is there is larger
// than the type given here.
in_this_file! {
    /// Defined in an archive that `cargo rt0 build --static` has made.
    in_archive = "rt0_in_archive", c_void;
    /// Defined by `library!`: a word with the address of the table of the library that we are part of.
    library_word = "rt0_init_of_this_library_if_any", *const c_void;
    /// Defined by a layer above: a word with the address of what runs after the boot.
    main_word = "rt0_main_of_this_library_if_any", *const c_void;
    /// Defined by a layer above: a word with the address of what runs at a generation's end.
    exit_word = "rt0_exit_of_this_library_if_any", *const c_void;
}
