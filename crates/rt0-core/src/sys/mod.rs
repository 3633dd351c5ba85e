//! System calls: one file per operating system, and below it one per processor.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub use linux::*;

#[cfg(not(target_os = "linux"))]
compile_error!("rt0 does not support this operating system yet: its README lists those it does");
