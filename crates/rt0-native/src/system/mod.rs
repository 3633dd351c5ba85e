//! What a system has for loading a library, and for making a process like this one.

#[cfg(unix)]
mod unix;
#[cfg(unix)]
pub use unix::{Handle, in_a_child, open, symbol};

#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub use windows::{Handle, in_a_child, open, symbol};
