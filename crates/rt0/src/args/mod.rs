//! The argument of `init`: [`Args`].
//!
//! Each system turns the core's copy into std's strings:
//!
//! - `arguments`: the host's arguments, the program's name first;
//! - `variable`: the value of the environment variable with this name, compared as the system compares names;
//! - `variables`: all environment variables, as name and value.
//!
//! Anything that the platform does not provide is absent, never wrong.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

use std::ffi::OsStr;

use rt0_core::{fork, generation};

#[cfg(not(windows))]
use self::unix as system;
#[cfg(windows)]
use self::windows as system;

/// The host's arguments and environment as they were when the library was loaded, and the number of this
/// boot.
///
/// Read these rather than `std::env`: the host may change its environment at any time from another
/// thread. Anything that the platform does not provide is absent, never wrong.
#[derive(Clone, Copy, Debug)]
pub struct Args {
    generation: u32,
    fork_child: bool,
}

impl Args {
    pub(crate) fn now() -> Args {
        Args {
            generation: generation::number(),
            fork_child: fork::is_child(),
        }
    }

    /// The host's arguments, the program's name first.
    pub fn args(&self) -> impl Iterator<Item = &'static OsStr> {
        system::arguments()
    }

    /// An environment variable of the host. On Windows the name is not case-sensitive.
    pub fn var(&self, name: impl AsRef<OsStr>) -> Option<&'static OsStr> {
        system::variable(name.as_ref())
    }

    /// All environment variables of the host, as name and value.
    pub fn vars(&self) -> impl Iterator<Item = (&'static OsStr, &'static OsStr)> {
        system::variables()
    }

    /// The number of this generation: 1 for the first boot, and one more for each boot after a shutdown or in
    /// a fork's child.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// Whether this process is a fork's child of the one that loaded the library.
    pub fn is_fork_child(&self) -> bool {
        self.fork_child
    }
}
