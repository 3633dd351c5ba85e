//! Functions of the C library that this library has of its own.

#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
pub(crate) mod descriptors;
#[cfg(not(windows))]
mod dlsym;
pub(crate) mod getenv;
#[cfg(not(windows))]
mod keys;
pub(crate) mod thread_atexit;
