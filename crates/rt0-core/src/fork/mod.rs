//! Forks: what a child is told, and what is done for it in advance.
//!
//! [`check`] says whether anything may be started in this process, and [`incarnation`] which process it is. A
//! thread that is in the middle of something that a fork must not copy holds a [`NoFork`].

#[cfg(not(windows))]
mod child;
#[cfg(not(windows))]
mod exclusion;
#[cfg(not(windows))]
mod handlers;
#[cfg(windows)]
mod none;

#[cfg(not(windows))]
pub(crate) use self::child::own_page;
#[cfg(not(windows))]
pub use self::child::{check, incarnation, is_child};
#[cfg(not(windows))]
pub use self::exclusion::NoFork;
#[cfg(not(windows))]
pub use self::handlers::watch;
#[cfg(not(windows))]
pub(crate) use self::handlers::{prepare, prepare_if_not_yet};
#[cfg(windows)]
pub use self::none::{NoFork, check, incarnation, is_child, watch};
#[cfg(windows)]
pub(crate) use self::none::{own_page, prepare, prepare_if_not_yet};
