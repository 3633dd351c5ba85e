//! Whether the runtime that a thread uses is lost, which means that the host has closed its descriptors.
//!
//! There is one implementation with tokio and one without. Each provides three functions:
//!
//! - `panicking`: the library's panic hook calls it first, on the thread that panics;
//! - `sleep_in_lost`: a thread calls it that has found the descriptors gone. With tokio it never returns;
//! - `is_lost`: whether the present generation's runtime is lost. Any thread can ask.

#[cfg(not(feature = "tokio"))]
mod none;
#[cfg(feature = "tokio")]
mod tokio;

#[cfg(not(feature = "tokio"))]
pub(crate) use self::none::{is_lost, panicking, sleep_in_lost};
#[cfg(feature = "tokio")]
pub(crate) use self::tokio::{is_lost, panicking, sleep_in_lost};
