//! How many processes share the machine, on average over the last minute; `None` if the system does not say.

#[cfg(not(any(windows, target_os = "android")))]
mod unix;
#[cfg(any(windows, target_os = "android"))]
mod unknown;

#[cfg(not(any(windows, target_os = "android")))]
pub use unix::load;
#[cfg(any(windows, target_os = "android"))]
pub use unknown::load;
