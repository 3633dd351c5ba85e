//! Whether the linker has put our functions in place. Only it can, and it does so only if it was asked: by
//! `cargo rt0 build`, or by a build script that uses `rt0-build`.
//!
//! Each system provides `look`.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
pub(crate) use self::unix::look;
#[cfg(windows)]
pub(crate) use self::windows::look;

/// What is in place; `None` where the system does not need it. The protections have these names in
/// [`rt0_abi::linking`], too.
pub(crate) struct InPlace {
    pub threads: Option<bool>,
    pub environment: Option<bool>,
    pub descriptors: Option<bool>,
}
