//! The library's own versions of some functions of the C library, because std and tokio call these at times,
//! or with effects, that a host would notice. The linker redirects the library's calls here, if `cargo rt0 build`
//! or `rt0-build` asks it to ([`rt0_abi::linking`]). Calls that do not concern us go on to the C library.

// Without tokio there is no runtime to build, but the symbols that the linker redirects to must exist.
#[cfg_attr(not(feature = "tokio"), allow(dead_code, unused_imports))]
pub(crate) mod descriptors;
#[cfg(not(windows))]
mod dlsym;
#[cfg(target_os = "linux")]
mod find_object;
pub(crate) mod getenv;
pub(crate) mod in_place;
#[cfg(not(windows))]
mod keys;
#[cfg(all(target_os = "linux", feature = "tokio"))]
mod pow;
pub(crate) mod thread_atexit;
// The unwinder of 32-bit ARM has no such function.
#[cfg(all(target_os = "linux", not(target_arch = "arm")))]
mod unwind_set_gr;
