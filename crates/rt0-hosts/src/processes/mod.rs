//! What the watchdog asks of the system: processes with everything that they start, their ends, and how busy the
//! machine is.
//!
//! | | |
//! |---|---|
//! | `NEEDED` | the variables without which programs do not run |
//! | `prepare` | a process gets a group of its own, and none of our descriptors |
//! | `as_user` | it runs as this user and group |
//! | `has_ended` | whether it has, without taking its number from it |
//! | `kill_all` | ends it and what it has left behind |
//! | `load` | how many processes share the machine; `None` if the system does not say |
//! | `signal` | which one has ended it |
//! | `is_root` | whether we may become any user |
//! | `readable` | the rights of a folder that others may enter |

#[cfg(unix)]
mod descriptors;
mod load;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub use load::load;
#[cfg(unix)]
pub use unix::{NEEDED, as_user, has_ended, is_root, kill_all, prepare, readable, signal};
#[cfg(windows)]
pub use windows::{NEEDED, as_user, has_ended, is_root, kill_all, prepare, readable, signal};
