//! What `init` is given.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use rt0_core::{args, generation};

/// The host's arguments and environment as they were when the library was loaded, and which boot this
/// is.
///
/// Read these rather than `std::env`: the host may change its environment at any time from another
/// thread. Where the platform does not tell them they are absent, never wrong.
#[derive(Clone, Copy, Debug)]
pub struct Args {
    generation: u32,
    fork_child: bool,
}

impl Args {
    pub(crate) fn now() -> Args {
        Args {
            generation: generation::number(),
            fork_child: generation::in_fork_child(),
        }
    }

    /// The host's arguments, the program's name first.
    pub fn args(&self) -> impl Iterator<Item = &'static OsStr> {
        args::arguments().map(OsStr::from_bytes)
    }

    /// An environment variable of the host.
    pub fn var(&self, name: impl AsRef<OsStr>) -> Option<&'static OsStr> {
        args::variable(name.as_ref().as_bytes()).map(OsStr::from_bytes)
    }

    /// All environment variables of the host, as name and value.
    pub fn vars(&self) -> impl Iterator<Item = (&'static OsStr, &'static OsStr)> {
        args::environment().filter_map(|entry| {
            let equals = entry.iter().position(|&byte| byte == b'=')?;
            let (name, value) = (&entry[..equals], &entry[equals + 1..]);
            Some((OsStr::from_bytes(name), OsStr::from_bytes(value)))
        })
    }

    /// The number of this generation: 1 for the first boot, one more for each after a shutdown or in a
    /// fork's child.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// Whether this process is a fork's child of the one that loaded the library.
    pub fn is_fork_child(&self) -> bool {
        self.fork_child
    }
}
