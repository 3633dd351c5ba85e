//! The descriptors that a process must not inherit.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
pub use elsewhere::keep_no_others;
#[cfg(target_os = "linux")]
pub use linux::keep_no_others;
