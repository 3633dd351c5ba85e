//! What `init` is given.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
pub use self::unix::Args;
#[cfg(windows)]
pub use self::windows::Args;
