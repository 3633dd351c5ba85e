//! The dynamic loader: what it does to us, and what we ask of it.

#[cfg(not(windows))]
pub mod namespace;
#[cfg(windows)]
pub mod one_namespace;
#[cfg(not(windows))]
mod this_file;
#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(windows)]
pub use self::one_namespace as namespace;
#[cfg(not(windows))]
pub use self::this_file::has_locals_here;
#[cfg(not(windows))]
pub(crate) use self::this_file::keep_this_file;
#[cfg(not(windows))]
pub use self::unix::*;
#[cfg(windows)]
pub use self::windows::*;
