//! Functions of the C library that this library has of its own, because std and tokio call them at moments, or with
//! effects, that a host would notice. `cargo rt0 build` has the linker lead the library's calls here; what does
//! not concern us goes on to the C library.

// Without tokio nobody builds a runtime, but the names that the linker knows are there.
#[cfg_attr(not(feature = "tokio"), allow(dead_code, unused_imports))]
pub(crate) mod descriptors;
#[cfg(not(windows))]
mod dlsym;
pub(crate) mod getenv;
#[cfg(not(windows))]
mod keys;
pub(crate) mod thread_atexit;
