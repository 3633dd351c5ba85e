//! What differs between the systems that run this program: texts that are not Unicode, rights of files, links, and where
//! the loader looks for libraries.

#[cfg(target_vendor = "apple")]
mod apple;
#[cfg(all(unix, not(target_vendor = "apple")))]
mod elf;
#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
mod unix;

#[cfg(target_vendor = "apple")]
pub use apple::LIBRARY_PATH;
#[cfg(all(unix, not(target_vendor = "apple")))]
pub use elf::LIBRARY_PATH;
#[cfg(not(unix))]
pub use elsewhere::{HAS_LINKS, LIBRARY_PATH, link, mode, permissions, text};
#[cfg(unix)]
pub use unix::{HAS_LINKS, link, mode, permissions, text};
