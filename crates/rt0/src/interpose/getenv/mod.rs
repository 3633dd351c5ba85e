//! Answers tokio's reads of the environment while a runtime is built, whatever settings tokio was given. The
//! host may be changing the environment at that moment.
//!
//! Each system provides `from_copy`, which runs a closure. When the closure reads the environment on this
//! thread, it gets its answers without a race with other threads.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
pub(crate) use self::unix::from_copy;
#[cfg(windows)]
pub(crate) use self::windows::from_copy;
