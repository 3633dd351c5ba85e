//! The names of other threads of this process.
//!
//! Each system provides `of`, for a thread's number.

#[cfg(any(target_os = "android", target_os = "linux"))]
mod linux;
#[cfg(not(any(target_os = "android", target_os = "linux")))]
mod unknown;

#[cfg(any(target_os = "android", target_os = "linux"))]
use self::linux as system;
#[cfg(not(any(target_os = "android", target_os = "linux")))]
use self::unknown as system;

pub(crate) use self::system::of;

/// What the system says about a thread.
#[cfg_attr(
    not(any(target_os = "android", target_os = "linux")),
    expect(dead_code, reason = "only Linux tells")
)]
pub(crate) enum Name {
    Is(String),
    /// The thread has ended.
    Ended,
    Unknown,
}
