//! Libraries that authors build with their language's own tools, in that language's host: the projects of
//! `examples/`.
//!
//! On Linux only: each project's own tool builds `libNAME.so`, and the hosts read `/proc`.
#![cfg(target_os = "linux")]

mod jni;
mod musllinux;
mod napi;
mod project;
mod pyo3;
mod uniffi;
