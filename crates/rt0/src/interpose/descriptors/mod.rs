//! Keeps the runtime's descriptors off the numbers that hosts use.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
pub(crate) use self::unix::*;
#[cfg(windows)]
pub(crate) use self::windows::*;
