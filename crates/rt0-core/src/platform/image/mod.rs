//! The file that we are part of: is it a library or a program, and does the loader keep it for ever? One file per
//! format.

#[cfg(not(any(target_vendor = "apple", windows)))]
mod elf;
#[cfg(target_vendor = "apple")]
mod macho;
#[cfg(windows)]
mod pe;

cfg_select! {
    windows => { use self::pe as format; }
    target_vendor = "apple" => { use self::macho as format; }
    _ => { use self::elf as format; }
}

use crate::platform::weak_symbols;

contract! { pub use format:
    /// Whether the file hears of its end before it is unmapped.
    pub(crate) const CAN_UNLOAD: bool;
    /// Whether this file is a program: then nobody loads it, and no `dlopen` runs its constructors.
    pub fn is_program() -> bool;
    /// Sees to it that the loader never unmaps the library. What is refused in the constructor is asked for again
    /// before each boot's first call, by [`pin_again`]. The library works meanwhile: what it lacks is missed when
    /// it is unloaded, and most hosts unload nothing.
    pub fn pin();
    /// The same once more, where the constructor's loader may have refused.
    pub(crate) fn pin_again();
}

/// Whether a load of this file starts the library by itself: when the file is a library, and when it
/// is somebody's program that an archive of `cargo rt0 build --static` was linked into. A Rust program
/// or test that merely has the crate among its dependencies does not start it; its first gated call
/// does.
pub fn self_starting() -> bool {
    !is_program() || weak_symbols::in_archive().is_some()
}
