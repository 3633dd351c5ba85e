//! `read_word!`: reads a word that `weak!` or `in_this_file!` has defined, in ELF files.
//!
//! The words are hidden, so assembly reads them directly. The compiler does not know that they are: it would
//! look up the address of each in the global offset table, with an entry and a relocation there, 32 bytes of
//! the file. `plain.rs` is for processors on which it can't be helped.

#[cfg(all(target_arch = "aarch64", target_pointer_width = "64"))]
mod aarch64;
#[cfg(not(any(
    all(target_arch = "aarch64", target_pointer_width = "64"),
    all(target_arch = "x86_64", target_pointer_width = "64")
)))]
mod plain;
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod x86_64;

cfg_select! {
    all(target_arch = "aarch64", target_pointer_width = "64") => {
        pub(crate) use self::aarch64::read_word;
    }
    all(target_arch = "x86_64", target_pointer_width = "64") => {
        pub(crate) use self::x86_64::read_word;
    }
    _ => {
        pub(crate) use self::plain::read_word;
    }
}
