//! Symbols that may or may not be there: on Windows only those of the file that we are part of. See
//! `../weak.rs`.

use core::ffi::c_void;

use crate::platform::assembler::in_this_file;

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
