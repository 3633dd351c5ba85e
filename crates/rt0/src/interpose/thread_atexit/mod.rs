//! What runs at a thread's end: the destructors of std's thread-locals.
//!
//! Each system gives two functions:
//!
//! - `prepare` is called by a boot before it uses anything of std's threads. False: std would abort, for want of a
//!   key of the C library's;
//! - `run_for_this_thread` runs what is registered for this thread, which then has nothing left: for the thread
//!   that ends the process, which the C library does not do it for.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
pub(crate) use self::unix::{prepare, run_for_this_thread};
#[cfg(windows)]
pub(crate) use self::windows::{prepare, run_for_this_thread};
