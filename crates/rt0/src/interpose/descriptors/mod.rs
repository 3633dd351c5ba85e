//! Keeps the runtime's descriptors off the numbers that hosts use, and knows them again.
//!
//! Each system gives:
//!
//! - `with_high_numbers` runs the closure that builds a runtime; what that opens gets high numbers. It says which
//!   they are, where that could be seen. `when_lost` is what a thread of the runtime's calls that finds its
//!   descriptors gone; it does not come back;
//! - [`Descriptors`], those of one runtime: `are_there` asks whether all of them are what they were; `forget`: the
//!   runtime has ended, and they are anybody's numbers now; `avoid`: the runtime is lost, and no other one of
//!   the library's must have these numbers;
//! - `driving` runs a closure that may drive the runtime on this thread, which is a call's;
//! - `call_to_ring`: whom the driver wakes on this thread to have it look whether the runtime is still there;
//! - `on_worker`: this thread is one of the runtime's own;
//! - [`LOOK`]: how long a call waits before it looks whether the runtime is still there.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
use self::unix as system;
#[cfg(windows)]
use self::windows as system;

pub(crate) use self::system::{
    Descriptors, LOOK, call_to_ring, driving, on_worker, with_high_numbers,
};
