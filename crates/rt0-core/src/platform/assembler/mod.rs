//! Declares symbols in assembly: one file for each object file format.
//!
//! Every format provides these macros:
//!
//! - `in_this_file!`: functions that return the address of what another crate in the same file may define, or
//!   `None`.
//! - `zeros!`: a hidden symbol for a block of zeros, and another symbol inside the block.
//! - `define_word!`, exported: a hidden symbol, which is a word with the address of a static, for
//!   `in_this_file!`.
//! - `define_mark!` and `expect_mark!`, exported: a hidden symbol, and that a file which refers to it is not linked
//!   without it.
//!
//! Some formats provide more:
//!
//! - `weak!`, not in COFF: functions that return what the process may have under a name, or `None`.
//!   `elf_only!`: the same, for what only systems with ELF have.
//! - `begin_function!` and `end_function!`, not in COFF: strings for `global_asm!`, which stand around the code of a
//!   hidden function. (What Rust calls a naked function is this, from Rust 1.88 on.)
//! - `branch!`, exported, on x86-64: what the hot paths look at their words with.
//! - `of_the_linker!`, only in ELF: the same for what the linker may define.
//! - `read_word!`, only in ELF: reads such a word.
//! - `define_function!`, exported, not in COFF: a hidden function with a C name, which jumps to a Rust
//!   function with the processor's jump instruction (`jump.rs`).
//!
//! The words that `weak!` and `in_this_file!` make are hidden. The linker or the loader fills them in before
//! any code of the library runs, and nobody writes them afterwards. The `SAFETY` comments rely on that.

#[cfg(target_arch = "x86_64")]
mod branch;
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
// For processors for which Rust has no inline assembly.
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
        pub(crate) use self::elf::{absent, read_word};
        use self::elf as format;
    }
    _ => { use self::none as format; }
}

#[cfg(not(any(target_vendor = "apple", windows)))]
pub(crate) use self::format::of_the_linker;
#[cfg(not(windows))]
pub(crate) use self::format::{begin_function, elf_only, end_function, weak};
pub(crate) use self::format::{in_this_file, zeros};
