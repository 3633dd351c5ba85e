//! The file that we are part of: one file per format.

#[cfg(not(any(target_vendor = "apple", windows)))]
mod elf;
#[cfg(target_vendor = "apple")]
mod macho;
#[cfg(windows)]
mod pe;

#[cfg(not(any(target_vendor = "apple", windows)))]
pub use self::elf::*;
#[cfg(target_vendor = "apple")]
pub use self::macho::*;
#[cfg(windows)]
pub use self::pe::*;
