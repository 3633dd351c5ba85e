//! Keeps the runtime's descriptors away from the numbers below 10.
//!
//! A host may run without stdin, stdout or stderr. Whatever is opened next gets such a number; were it
//! the runtime's, the host's prints would end in it, for ever. And shells, which such a library may be
//! preloaded into, take the numbers up to 9 to be theirs and their scripts': `exec 3<file` puts a file over
//! whatever is there, and bash closes a pipe's ends twice. So while the runtime opens its own, these
//! numbers are taken, by descriptors that refuse to be read or written as closed ones do (`O_PATH`).

use std::fs::{File, Metadata, OpenOptions};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::sync::{Mutex, PoisonError};

use rt0_core::sabotage;

/// How the root is opened: as nothing but a place. Where there is no such way (`O_PATH` is Linux's), as a
/// directory, which can't be written, and whose reader gets an error, too.
const O_PATH: i32 = if cfg!(any(target_os = "linux", target_os = "android")) {
    0o10_000_000
} else {
    0
};

/// What there always is.
const ROOT: &str = "/";

/// The lowest number that the runtime may have. POSIX shells keep files of their own from here on, and ask
/// for free numbers.
const LOWEST: i32 = 10;

/// The numbers that were free, taken until [`LowFiles::let_go`].
pub(super) struct LowFiles {
    files: Mutex<Vec<File>>,
    /// What all of them are.
    root: Option<Identity>,
}

type Identity = (u64, u64);

impl LowFiles {
    /// Takes those that are free. Where the root can't be opened nothing is taken.
    pub fn take() -> LowFiles {
        let root = std::fs::metadata(ROOT).ok().map(identity);
        let mut files = Vec::new();
        while !sabotage::NO_LOW_FILES_CHECK
            && root.is_some()
            && let Ok(file) = placeholder()
            && file.as_raw_fd() < LOWEST
        {
            files.push(file);
        }
        LowFiles {
            files: Mutex::new(files),
            root,
        }
    }

    /// Gives them back. One that the host has put something else under meanwhile is the host's.
    pub fn let_go(&self) {
        // Nothing panics while it is held.
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        for file in files.drain(..) {
            if file.metadata().ok().map(identity) != self.root {
                std::mem::forget(file);
            }
        }
    }
}

impl Drop for LowFiles {
    fn drop(&mut self) {
        self.let_go();
    }
}

fn placeholder() -> std::io::Result<File> {
    OpenOptions::new()
        .read(true)
        .custom_flags(O_PATH)
        .open(ROOT)
}

fn identity(data: Metadata) -> Identity {
    (data.dev(), data.ino())
}
