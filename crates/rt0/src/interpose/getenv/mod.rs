//! What tokio asks the environment while a runtime is built.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
pub(crate) use self::unix::*;
#[cfg(windows)]
pub(crate) use self::windows::*;
