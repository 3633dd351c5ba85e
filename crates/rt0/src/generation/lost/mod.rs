//! Whether the runtime that a thread uses is lost: the host has closed its descriptors.
//!
//! Each kind of runtime gives three functions:
//!
//! - `panicking` is what the library's panic hook calls first, on the thread that panics;
//! - `sleep_in_lost` is what a thread calls that has found the descriptors gone; it does not come back where
//!   there is a runtime to be lost;
//! - `is_lost` looks whether the present generation's runtime is lost, from any thread.

#[cfg(not(feature = "tokio"))]
mod none;
#[cfg(feature = "tokio")]
mod tokio;

#[cfg(not(feature = "tokio"))]
pub(crate) use self::none::{is_lost, panicking, sleep_in_lost};
#[cfg(feature = "tokio")]
pub(crate) use self::tokio::{is_lost, panicking, sleep_in_lost};
