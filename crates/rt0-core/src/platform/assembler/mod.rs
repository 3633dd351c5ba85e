//! What the assembler is told about symbols, in the words of the file format: one file for each.
//!
//! Every format provides these macros:
//!
//! - `in_this_file!`: functions that give the address of what another crate of the same file may define, or `None`.
//! - `zeros!`: a hidden symbol with zeros behind it, and another that leads into them.
//! - `define_word!`, exported: a hidden symbol, which is a word with the address of a static, for `in_this_file!`.
//!
//! And those whose systems have such a thing:
//!
//! - `weak!`, not in COFF: functions that give what the process may have under a name, or `None`. `elf_only!`: the
//!   same, for what only systems with ELF have.
//! - `of_the_linker!`, ELF's alone: the same for what the linker may define.
//! - `define_function!`, exported, not in COFF: a hidden function under a name of C's, which goes on to one of Rust's
//!   by the processor's jump (`jump.rs`).
//!
//! The words that `weak!` and `in_this_file!` make are hidden and filled in by the linker or the loader before any code
//! of the library runs; nobody writes them afterwards. That is what the `SAFETY` texts rely on.

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
    windows => { use self::coff as format; }
    target_vendor = "apple" => { use self::macho as format; }
    any(
        target_arch = "aarch64",
        target_arch = "arm",
        target_arch = "powerpc64",
        target_arch = "riscv64",
        target_arch = "s390x",
        target_arch = "x86",
        target_arch = "x86_64",
    ) => {
        pub(crate) use self::elf::absent;
        use self::elf as format;
    }
    _ => { use self::none as format; }
}

#[cfg(not(any(target_vendor = "apple", windows)))]
pub(crate) use self::format::of_the_linker;
#[cfg(not(windows))]
pub(crate) use self::format::{elf_only, weak};
pub(crate) use self::format::{in_this_file, zeros};
