//! The library once more, from another file, so with state of its own.
//!
//! The file has no name in any folder: whatever the library does to the process, nothing stays behind.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::{Library, limits};
use crate::verdict::Stop;

/// How many descriptors of copies this process may have besides those that the library has.
const ROOM: libc::rlim_t = 256;

impl Library {
    /// Loads copy `number` of this file. It stays open: the loader knows it by its descriptor's number, and a debugger
    /// looks there for its names.
    ///
    /// # Errors
    /// It can't be copied, or the loader refuses the copy.
    pub fn open_copy(path: &Path, number: usize) -> Result<Library, Stop> {
        let why = |e: io::Error| Stop::could_not(format!("the library can't be copied: {e}"));
        let place = copied(path).map_err(why)?;
        Library::open(&place)
            .map_err(|text| Stop::fail(format!("copy {number} can't be loaded: {text}")))
    }
}

/// Copies the file, for as long as this process lives.
fn copied(path: &Path) -> io::Result<PathBuf> {
    let mut from = File::open(path)?;
    let mut to = nameless(&std::env::temp_dir())?;
    io::copy(&mut from, &mut to)?;
    let number = out_of_the_way(to.into()).into_raw_fd();
    // As for libraries that are made: under `/proc/self` a debugger would open a descriptor of its own.
    Ok(PathBuf::from(format!(
        "/proc/{}/fd/{number}",
        std::process::id()
    )))
}

/// A file without a name: in this folder, or in memory if that is not possible there, or nothing may be run from it.
fn nameless(folder: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .mode(0o700)
        .custom_flags(libc::O_TMPFILE)
        .open(folder);
    match file {
        Ok(file) if !is_noexec(&file) => Ok(file),
        _ => in_memory(),
    }
}

fn is_noexec(file: &File) -> bool {
    // SAFETY: fstatvfs(3) writes the structure, whose fields are numbers.
    unsafe {
        let mut about: libc::statvfs = std::mem::zeroed();
        libc::fstatvfs(file.as_raw_fd(), &raw mut about) == 0 && about.f_flag & libc::ST_NOEXEC != 0
    }
}

fn in_memory() -> io::Result<File> {
    // SAFETY: the name is a C string.
    let number = unsafe { libc::memfd_create(c"rt0-doctor-copy".as_ptr(), libc::MFD_CLOEXEC) };
    if number < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it is new, and nobody else has it.
    Ok(unsafe { File::from_raw_fd(number) })
}

/// Gives the descriptor a number that the library would not get, if the limit can be raised: then the library's own
/// numbers are as in a process without this file, and so is how many it may have.
fn out_of_the_way(file: OwnedFd) -> OwnedFd {
    static FIRST: OnceLock<libc::c_int> = OnceLock::new();
    let first = *FIRST.get_or_init(|| limits::more_descriptors(ROOM));
    // SAFETY: fcntl(2) makes another descriptor.
    match unsafe { libc::fcntl(file.as_raw_fd(), libc::F_DUPFD_CLOEXEC, first) } {
        ..0 => file,
        // SAFETY: it is new, and nobody else has it.
        number => unsafe { OwnedFd::from_raw_fd(number) },
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    use super::{in_memory, is_noexec, nameless};

    #[test]
    fn a_file_is_nameless_also_where_the_folder_can_not_have_one() {
        for folder in [
            &*std::env::temp_dir(),
            Path::new("/proc"),
            Path::new("/nowhere"),
        ] {
            let file = nameless(folder).unwrap();
            assert_eq!(file.metadata().unwrap().nlink(), 0, "{}", folder.display());
            assert!(!is_noexec(&file), "{}", folder.display());
        }
        assert_eq!(in_memory().unwrap().metadata().unwrap().nlink(), 0);
    }
}
