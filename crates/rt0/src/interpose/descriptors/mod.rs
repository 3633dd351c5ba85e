//! Keeps the runtime's descriptors off the numbers that hosts use, and recognizes them later.
//!
//! Each system provides:
//!
//! - `with_high_numbers`: runs the closure that builds a runtime, so that what it opens gets high numbers. It
//!   returns the descriptors if it could see them. A thread of the runtime that finds its descriptors gone
//!   calls `when_lost`, which never returns;
//! - [`Descriptors`]: the descriptors of one runtime. `are_there` checks that all of them are still the
//!   runtime's. `forget` is called when the runtime has ended and the numbers are free for anyone. `avoid` is
//!   called when the runtime is lost, so that no other runtime of the library gets these numbers;
//! - `driving`: runs a closure that may drive the runtime on this thread, which is a call's;
//! - `set_waker`: sets the waker that the driver wakes on this thread, to make the call check whether the
//!   runtime is still there;
//! - `on_worker`: marks this thread as one of the runtime's own;
//! - `raised` and `Mark`, except on Windows: a high number for a descriptor of the library's that is not the runtime's,
//!   and a mark on it;
//! - [`LOOK`]: how long a call waits before it checks whether the runtime is still there.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
use self::unix as system;
#[cfg(windows)]
use self::windows as system;

#[cfg(not(windows))]
pub(crate) use self::system::APPLIES;
pub(crate) use self::system::{
    Descriptors, LOOK, driving, on_worker, set_waker, with_high_numbers,
};
#[cfg(all(feature = "tokio", not(windows)))]
pub(crate) use self::system::{Mark, raised};
