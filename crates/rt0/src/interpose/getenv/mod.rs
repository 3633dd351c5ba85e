//! What tokio asks the environment while a runtime is built, whatever it was told: the host may be changing it
//! just then.
//!
//! Each system gives `from_copy`: it runs a closure; what that asks the environment on this thread is answered
//! without a look at what another thread may be changing.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
pub(crate) use self::unix::from_copy;
#[cfg(windows)]
pub(crate) use self::windows::from_copy;
