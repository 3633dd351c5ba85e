//! Symbols that may or may not be there.
//!
//! A weak undefined symbol is null when nobody defines it. Stable Rust can't declare one, so the
//! assembler does ([`crate::platform::assembler`]): a word per symbol, which the linker or the loader fills in. The
//! words are hidden, so that two libraries in one process never share them.
//!
//! This is how the crate needs no C library: what a process may have is in `unix.rs`. Windows is asked for nothing in
//! this way: there are only those of the file that we are part of.

#[cfg(not(windows))]
mod unix;
#[cfg(not(windows))]
pub use self::unix::*;

use core::ffi::c_void;

use crate::platform::assembler::in_this_file;

/// What a thread starts.
pub type ThreadStart = extern "C" fn(*mut c_void) -> *mut c_void;

// What the file that we are part of may define. Addresses, not references: what lies there is larger than a
// type can say here.
in_this_file! {
    /// Defined where `cargo rt0 build --static` has made an archive.
    in_archive = "rt0_in_archive", c_void;
    /// Defined by `library!`: a word that leads to the table of the library that we are part of.
    library_word = "rt0_init_of_this_library_if_any", *const c_void;
    /// Defined by a layer above: a word that leads to what runs after boot.
    main_word = "rt0_main_of_this_library_if_any", *const c_void;
    /// Defined by a layer above: a word that leads to what runs at a generation's end.
    exit_word = "rt0_exit_of_this_library_if_any", *const c_void;
}
