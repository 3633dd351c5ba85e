//! Runs the destructors of std's thread-locals at a thread's end.
//!
//! Each system provides:
//!
//! - `prepare`: a boot calls it before it uses anything of std's threads. False means that the C library has
//!   no key left, and std would abort;
//! - `is_in_place`, not on Windows: whether std registers its thread-locals with us;
//! - `run_for_this_thread`: runs all destructors that are registered for this thread. It is for the thread
//!   that ends the process, because the C library does not run them there.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
pub(crate) use self::unix::{is_in_place, prepare, run_for_this_thread};
#[cfg(windows)]
pub(crate) use self::windows::{prepare, run_for_this_thread};
