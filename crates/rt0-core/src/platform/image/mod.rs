//! The file that we are part of: whether it is a library or a program, and how the loader is made to keep it
//! for ever. One file per format.

#[cfg(not(any(target_vendor = "apple", windows)))]
mod elf;
#[cfg(not(any(target_vendor = "apple", windows)))]
mod headers;
#[cfg(target_vendor = "apple")]
mod macho;
#[cfg(windows)]
mod pe;
#[cfg(not(any(target_vendor = "apple", windows)))]
pub mod unwind_tables;

cfg_select! {
    windows => { use self::pe as format; }
    target_vendor = "apple" => { use self::macho as format; }
    _ => { use self::elf as format; }
}

use crate::platform::weak_symbols;

/// What the linker was asked to write into the file's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// The loader never unmaps the file.
    pub pinned: bool,
    /// The loader binds every symbol when it loads the file.
    pub bound: bool,
}

contract! { pub use format:
    /// Whether the file is told before it is unmapped.
    pub(crate) const CAN_UNLOAD: bool;
    /// Whether this file is a program: then no `dlopen` loads it or runs its constructors.
    pub fn is_program() -> bool;
    /// The header's marks; `None` for a program, and in formats without such marks.
    pub fn marks() -> Option<Marks>;
    /// Has the loader never unmap the library. If the loader refuses this to the constructor, [`pin_again`]
    /// asks again before each boot's first call. Until then the library works: it needs this only when it is
    /// unloaded, and most hosts unload nothing.
    pub fn pin();
    /// Asks again, on systems where the loader may have refused it to the constructor.
    pub(crate) fn pin_again();
}

/// Whether a load of this file starts the library: if the file is a library, or a program that an archive
/// from `cargo rt0 build --static` was linked into. A Rust program or test that merely depends on the crate
/// does not start the library when it is loaded; its first gated call does.
pub fn self_starting() -> bool {
    !is_program() || weak_symbols::in_archive().is_some()
}
