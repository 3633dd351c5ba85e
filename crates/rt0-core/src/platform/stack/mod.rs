//! A stack of our own, for a boot that must run on a host's thread.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
pub use self::unix::on_own_stack;
#[cfg(windows)]
pub use self::windows::on_own_stack;

/// What a thread made by Rust or C programs has on most systems, and what Go gives its own.
pub const DEFAULT_SIZE: usize = 8 * 1024 * 1024;
