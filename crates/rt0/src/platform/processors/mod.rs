//! How many processors the library may use: what `std::thread::available_parallelism` says, which is how many
//! workers tokio makes.
//!
//! On Linux std first reads the control groups' files, with 18 system calls at least, and then asks for the
//! process's own processors. `linux.rs` gives the same answer with fewer. Wherever it is not sure of that, and
//! on all other systems, std is asked.

#[cfg(any(target_os = "android", target_os = "linux"))]
mod linux;
#[cfg(not(any(target_os = "android", target_os = "linux")))]
mod std_only;

#[cfg(any(target_os = "android", target_os = "linux"))]
use self::linux as system;
#[cfg(not(any(target_os = "android", target_os = "linux")))]
use self::std_only as system;

/// The number of processors.
pub(crate) fn count() -> usize {
    system::count().unwrap_or_else(of_std)
}

fn of_std() -> usize {
    std::thread::available_parallelism().map_or(1, |count| count.get())
}
