//! What the assembler is told about symbols, in the words of the file format: one file for each.
//!
//! - `weak!`: functions that give an address which may or may not be there: in the process, or in what
//!   the library is linked with. `elf_only!`: the same, for what no other format's systems have.
//!   Windows has neither: there nothing is asked for in this way.
//! - `in_this_file!`: the same for what another crate of the same file may define. The answer is an address,
//!   of what lies there.
//! - `of_the_linker!`, ELF's alone: the same for what the linker may define.
//! - `zeros!`: a hidden symbol with zeros behind it, and another that leads into them.
//! - `define_word!`, `define_function!`: hidden symbols for those who look them up so.

#[cfg(windows)]
mod coff;
#[cfg(all(
    not(any(target_vendor = "apple", windows)),
    any(
        target_arch = "aarch64",
        target_arch = "arm",
        target_arch = "powerpc64",
        target_arch = "riscv64",
        target_arch = "s390x",
        target_arch = "x86",
        target_arch = "x86_64",
    )
))]
mod elf;
mod jump;
#[cfg(target_vendor = "apple")]
mod macho;
// For processors whose assembly Rust does not take.
#[cfg(not(any(
    target_vendor = "apple",
    windows,
    target_arch = "aarch64",
    target_arch = "arm",
    target_arch = "powerpc64",
    target_arch = "riscv64",
    target_arch = "s390x",
    target_arch = "x86",
    target_arch = "x86_64",
)))]
mod none;

cfg_select! {
    windows => {
        pub(crate) use self::coff::{in_this_file, zeros};
    }
    target_vendor = "apple" => {
        pub(crate) use self::macho::{elf_only, in_this_file, weak, zeros};
    }
    any(
        target_arch = "aarch64",
        target_arch = "arm",
        target_arch = "powerpc64",
        target_arch = "riscv64",
        target_arch = "s390x",
        target_arch = "x86",
        target_arch = "x86_64",
    ) => {
        pub(crate) use self::elf::{absent, elf_only, in_this_file, of_the_linker, weak, zeros};
    }
    _ => {
        pub(crate) use self::none::{elf_only, in_this_file, of_the_linker, weak, zeros};
    }
}
