//! What differs between the systems that run this program: texts that are not Unicode, rights of files, links.

#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub use elsewhere::{link, mode, permissions, text};
#[cfg(unix)]
pub use unix::{link, mode, permissions, text};
