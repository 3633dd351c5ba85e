//! Finds the files of a directory, and reads the text of one.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use serde::{Deserialize, Serialize};

/// Files with more bytes are left out.
pub const LARGEST: u64 = 1 << 20;
/// A zero byte in the first `PROBE` bytes means that a file is not text.
const PROBE: usize = 8 << 10;

/// Why a file is not in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// It has a zero byte near its beginning, or it is not UTF-8.
    Binary,
    /// It has more than [`LARGEST`] bytes.
    TooLarge,
    /// It could not be read, or no longer existed when its turn came.
    Unreadable,
}

/// How many files were left out, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Not text.
    pub binary: u64,
    /// More than [`LARGEST`] bytes.
    pub too_large: u64,
    /// Files and directories that could not be read.
    pub unreadable: u64,
}

impl Skipped {
    /// Counts one more file.
    pub fn count(&mut self, reason: Skip) {
        match reason {
            Skip::Binary => self.binary += 1,
            Skip::TooLarge => self.too_large += 1,
            Skip::Unreadable => self.unreadable += 1,
        }
    }
}

impl std::ops::AddAssign for Skipped {
    fn add_assign(&mut self, other: Skipped) {
        self.binary += other.binary;
        self.too_large += other.too_large;
        self.unreadable += other.unreadable;
    }
}

/// The regular files under `root`, and the reason for each entry that could not be read. Hidden files, files
/// that `.gitignore` excludes, and the directory `avoid` are left out. Links are not followed.
pub fn walk(
    root: &Path,
    avoid: Option<PathBuf>,
) -> impl Iterator<Item = Result<PathBuf, Skip>> + use<> {
    WalkBuilder::new(root)
        .require_git(false)
        // Finding the user's git settings would read the process's environment, which belongs to the host and
        // may be changing.
        .git_global(false)
        .filter_entry(move |entry| avoid.as_deref() != Some(entry.path()))
        .build()
        .filter_map(|entry| match entry {
            Ok(entry) if entry.file_type().is_some_and(|t| t.is_file()) => {
                Some(Ok(entry.into_path()))
            }
            Ok(_) => None,
            Err(_) => Some(Err(Skip::Unreadable)),
        })
}

/// The text of a file.
pub fn read(path: &Path) -> Result<String, Skip> {
    let bytes = bytes_of(path).map_err(|_| Skip::Unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Skip::TooLarge);
    }
    if bytes[..bytes.len().min(PROBE)].contains(&0) {
        return Err(Skip::Binary);
    }
    String::from_utf8(bytes).map_err(|_| Skip::Binary)
}

/// The file's bytes, but at most one more than [`LARGEST`], even if the file grows meanwhile.
fn bytes_of(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut bytes = Vec::with_capacity(length.min(LARGEST + 1) as usize);
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn names(root: &Path, avoid: Option<PathBuf>) -> Vec<String> {
        let mut names: Vec<_> = walk(root, avoid)
            .map(|path| {
                let path = path.unwrap();
                path.strip_prefix(root).unwrap().display().to_string()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn the_walk_respects_gitignore_and_leaves_out_the_avoided_directory() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        for sub in ["src", "target", "index"] {
            fs::create_dir(root.join(sub)).unwrap();
        }
        for file in [
            "a.txt", "b.log", ".hidden", "src/c.rs", "target/d", "index/e",
        ] {
            fs::write(root.join(file), "x").unwrap();
        }
        fs::write(root.join(".gitignore"), "target/\n*.log\n").unwrap();
        assert_eq!(names(root, Some(root.join("index"))), ["a.txt", "src/c.rs"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_sockets_are_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::write(root.join("a"), "x").unwrap();
        std::os::unix::fs::symlink("nowhere", root.join("dangling")).unwrap();
        std::os::unix::fs::symlink(root, root.join("loop")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(root.join("socket")).unwrap();
        assert_eq!(names(root, None), ["a"]);
    }

    #[test]
    fn what_is_text_is_decided_by_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let of = |bytes: &[u8]| {
            let path = dir.path().join("file");
            fs::write(&path, bytes).unwrap();
            read(&path)
        };
        assert_eq!(of(b""), Ok(String::new()));
        assert_eq!(of("größe".as_bytes()), Ok("größe".to_owned()));
        assert_eq!(of(b"a\0b"), Err(Skip::Binary));
        assert_eq!(of(b"caf\xe9"), Err(Skip::Binary));
        let largest = LARGEST as usize;
        assert!(of(&vec![b'a'; largest]).is_ok());
        assert_eq!(of(&vec![b'a'; largest + 1]), Err(Skip::TooLarge));
    }

    #[test]
    fn a_file_that_is_gone_is_unreadable() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read(&dir.path().join("gone")), Err(Skip::Unreadable));
        assert_eq!(read(dir.path()), Err(Skip::Unreadable));
        let walked: Vec<_> = walk(&dir.path().join("gone"), None).collect();
        assert_eq!(walked, [Err(Skip::Unreadable)]);
    }
}
