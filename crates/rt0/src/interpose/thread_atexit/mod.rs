//! What runs at a thread's end.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
pub(crate) use self::unix::*;
#[cfg(windows)]
pub(crate) use self::windows::*;
