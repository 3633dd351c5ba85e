//! Puts the files of a build into their folder: all of them, or none.
//!
//! Each is first written under another name in the same folder. So a full disk or a signal leaves no
//! half-written file under a final name; the next build removes what a killed build has left.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use crate::error::{Error, Result};
use crate::this_system;

/// What temporary names begin and end with.
pub(crate) const START: &str = ".rt0-";
pub(crate) const END: &str = ".part";

/// Files that have been written but do not have their final names yet.
pub struct OutputFolder {
    dir: PathBuf,
    staged: Vec<(TempPath, PathBuf)>,
    /// Held so that only one build at a time writes there.
    _lock: Option<File>,
}

impl OutputFolder {
    /// Opens the folder, and creates it first if it does not exist.
    ///
    /// # Errors
    /// It can't be made.
    pub fn open(dir: &Path) -> Result<OutputFolder> {
        check(dir)?;
        fs::create_dir_all(dir)
            .map_err(|e| Error::failed(format!("cannot make {}", dir.display())).because(e))?;
        let lock = File::open(dir).ok().filter(|file| file.lock().is_ok());
        // With the lock, no other build is writing.
        if lock.is_some() {
            clear(dir);
        }
        Ok(OutputFolder {
            dir: dir.to_owned(),
            staged: Vec::new(),
            _lock: lock,
        })
    }

    /// Writes a file and returns its final path.
    ///
    /// # Errors
    /// The file can't be written: nothing of it stays.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<PathBuf> {
        let path = self.dir.join(name);
        let fail = |e| Error::failed(format!("cannot write {}", path.display())).because(e);
        if path.is_dir() {
            return Err(Error::failed(format!("{} is a folder", path.display())));
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(START).suffix(END);
        this_system::permissions(&mut builder, 0o644);
        let file: NamedTempFile = builder.tempfile_in(&self.dir).map_err(fail)?;
        fs::write(file.path(), bytes).map_err(fail)?;
        self.staged.push((file.into_temp_path(), path.clone()));
        Ok(path)
    }

    /// Writes a copy of another file.
    ///
    /// # Errors
    /// The other file can't be read, or the copy can't be written.
    pub fn add_file(&mut self, name: &str, from: &Path) -> Result<PathBuf> {
        let bytes = fs::read(from)
            .map_err(|e| Error::failed(format!("cannot read {}", from.display())).because(e))?;
        self.add(name, &bytes)
    }

    /// Gives all files their final names, in the order in which they were added. A process that has an old
    /// file mapped keeps the old one.
    ///
    /// # Errors
    /// A file can't be renamed.
    pub fn finish(self) -> Result<()> {
        for (file, path) in self.staged {
            file.persist(&path).map_err(|e| {
                Error::failed(format!("cannot write {}", path.display())).because(e.error)
            })?;
        }
        Ok(())
    }
}

/// Checks that this path can be the folder.
///
/// # Errors
/// It is a file.
pub fn check(dir: &Path) -> Result<()> {
    match dir.is_dir() || !dir.exists() {
        true => Ok(()),
        false => Err(Error::input(format!(
            "{} is not a folder: choose a folder with --out",
            dir.display()
        ))),
    }
}

/// Removes the files of a killed build.
pub(crate) fn clear(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(START) && name.ends_with(END) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Waits for another build with the same target directory: this build reads cargo's files there after cargo
/// has ended. If the system has no file locks, it does not wait.
///
/// # Errors
/// The folder can't be made.
pub fn one_at_a_time(target_dir: &Path) -> Result<Option<File>> {
    let dir = target_dir.join("rt0");
    fs::create_dir_all(&dir)
        .map_err(|e| Error::failed(format!("cannot make {}", dir.display())).because(e))?;
    let path = dir.join(".lock");
    let file = File::create(&path)
        .map_err(|e| Error::failed(format!("cannot write {}", path.display())).because(e))?;
    Ok(file.lock().is_ok().then_some(file))
}
