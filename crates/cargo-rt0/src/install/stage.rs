//! Puts files into many folders: all of them, or none.
//!
//! Each is first written in its folder under another name. If something fails then, or while the files get their
//! names, everything is as it was: the files that were replaced come back, and folders that were made go. If the
//! process is killed, the next installation removes what it has left. A kill between two of the last renames is the
//! one case in which some files are new and others old: the library comes first, and what leads to it last.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::{NamedTempFile, TempPath};

use crate::build::output_folder::{END, START, clear};
use crate::error::{Error, Result};
use crate::this_system;

/// What goes to a path.
pub enum Content {
    /// A file with this mode.
    File(Vec<u8>, u32),
    /// A link to a file in the same folder.
    Link(String),
}

/// Files that do not have their final names yet.
#[derive(Default)]
pub struct Stage {
    /// Under which name each is, and which it gets.
    waiting: Vec<(TempPath, PathBuf)>,
    /// What has got its name, and what was there before.
    placed: Vec<(PathBuf, Option<TempPath>)>,
    /// The folders that were made, the upper ones first.
    made: Vec<PathBuf>,
    /// The folders in use, each locked so that only one installation at a time writes there.
    locked: Vec<(PathBuf, Option<File>)>,
}

/// How long to wait for another installation. Whoever may read a folder can lock it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Locks a folder; none where the system has no such locks.
fn lock(folder: &Path) -> Result<Option<File>> {
    let Ok(file) = File::open(folder) else {
        return Ok(None);
    };
    let begun = Instant::now();
    let mut is_told = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::Error(_)) => return Ok(None),
            Err(TryLockError::WouldBlock) if begun.elapsed() >= PATIENCE => {
                return Err(Error::failed(format!(
                    "another program has locked {}: wait until its installation is over",
                    folder.display()
                )));
            }
            Err(TryLockError::WouldBlock) => {}
        }
        if !is_told {
            eprintln!("waiting for another installation in {}", folder.display());
            is_told = true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

impl Stage {
    /// Makes and locks the folders of these files.
    ///
    /// # Errors
    /// A folder can't be made, or a folder is in the place of a file.
    pub fn open<'a>(files: impl Iterator<Item = &'a Path>) -> Result<Stage> {
        let mut folders = Vec::new();
        for file in files {
            if file.is_dir() && !file.is_symlink() {
                let file = file.display();
                return Err(Error::failed(format!(
                    "{file} is a folder: a file belongs there"
                )));
            }
            folders.extend(file.parent().map(Path::to_owned));
        }
        let mut stage = Stage::default();
        // In one order, so that two installations never wait for each other; and each folder once, whatever its names.
        let mut real = BTreeSet::new();
        for folder in folders {
            stage.make(&folder)?;
            real.insert(folder.canonicalize().unwrap_or(folder));
        }
        for folder in real {
            let lock = lock(&folder)?;
            // With the lock, no other installation is writing.
            if lock.is_some() {
                clear(&folder);
            }
            stage.locked.push((folder, lock));
        }
        Ok(stage)
    }

    fn make(&mut self, folder: &Path) -> Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        if let Some(parent) = folder.parent() {
            self.make(parent)?;
        }
        match fs::create_dir(folder) {
            Ok(()) => self.made.push(folder.to_owned()),
            // Another installation was faster.
            Err(_) if folder.is_dir() => {}
            Err(e) => return Err(failed("make", folder, e)),
        }
        Ok(())
    }

    /// Writes a file under another name in the folder of `path`.
    ///
    /// # Errors
    /// It can't be written.
    pub fn add(&mut self, path: &Path, content: &Content) -> Result<()> {
        let fail = |e| failed("write", path, e);
        let folder = path.parent().unwrap_or(Path::new("/"));
        let temporary = match content {
            Content::File(bytes, mode) => {
                let file: NamedTempFile = builder().tempfile_in(folder).map_err(fail)?;
                fs::write(file.path(), bytes).map_err(fail)?;
                this_system::mode(file.path(), *mode).map_err(fail)?;
                file.into_temp_path()
            }
            Content::Link(to) => {
                let link = |name: &Path| this_system::link(Path::new(to), name);
                builder()
                    .make_in(folder, link)
                    .map_err(fail)?
                    .into_temp_path()
            }
        };
        self.waiting.push((temporary, path.to_owned()));
        Ok(())
    }

    /// Gives all files their names, in the order in which they were added. A process that has an old file mapped
    /// keeps the old one.
    ///
    /// # Errors
    /// A file can't be renamed: everything is as it was.
    pub fn finish(mut self) -> Result<()> {
        for (temporary, path) in std::mem::take(&mut self.waiting) {
            let fail = |e| failed("write", &path, e);
            let old = keep(&path).map_err(fail)?;
            if let Err(e) = temporary.persist(&path) {
                bring_back(old, &path);
                return Err(fail(e.error));
            }
            self.placed.push((path, old));
        }
        // The old files go, and the folders stay.
        self.placed.clear();
        self.made.clear();
        Ok(())
    }
}

impl Drop for Stage {
    /// Undoes what is not finished.
    fn drop(&mut self) {
        for (path, old) in self.placed.drain(..).rev() {
            let _ = match old {
                Some(old) => old.persist(&path).map_err(|e| e.error),
                None => fs::remove_file(&path),
            };
        }
        self.waiting.clear();
        for folder in self.made.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Gives the old file its name again, unless it still has it. (A file's two names can't replace each other.)
fn bring_back(old: Option<TempPath>, path: &Path) {
    if let Some(old) = old
        && path.symlink_metadata().is_err()
    {
        let _ = old.persist(path);
    }
}

fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(START).suffix(END);
    builder
}

/// Keeps what is at a path under a second name, if anything is.
fn keep(path: &Path) -> io::Result<Option<TempPath>> {
    match path.symlink_metadata() {
        Err(_) => return Ok(None),
        Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(_) => {}
    }
    let folder = path.parent().unwrap_or(Path::new("/"));
    let kept = builder().make_in(folder, |name| match fs::hard_link(path, name) {
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists => {
            // A file system without second names: it has none for a moment.
            fs::rename(path, name)
        }
        done => done,
    })?;
    Ok(Some(kept.into_temp_path()))
}

fn failed(what: &str, path: &Path, error: io::Error) -> Error {
    let hint = match error.kind() {
        io::ErrorKind::PermissionDenied => {
            ": choose a folder of your own with --prefix or --destdir, or become a user who may write there"
        }
        _ => "",
    };
    Error::failed(format!("cannot {what} {}{hint}", path.display())).because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let entries = fs::read_dir(dir).unwrap().map(io::Result::unwrap);
        let mut names: Vec<_> = entries
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn file(text: &str) -> Content {
        Content::File(text.as_bytes().to_vec(), 0o644)
    }

    /// (Links are refused before, where there are none.)
    #[cfg(unix)]
    #[test]
    fn a_file_that_cannot_get_its_name_brings_the_old_ones_back() {
        let dir = tempfile::tempdir().unwrap();
        let [old, link, new, last] =
            ["old", "link", "deep/new", "last"].map(|n| dir.path().join(n));
        fs::write(&old, "before").unwrap();
        this_system::link(Path::new("old"), &link).unwrap();
        let all = [&old, &link, &new, &last];
        let mut stage = Stage::open(all.into_iter().map(|path| path.as_path())).unwrap();
        stage.add(&old, &file("after")).unwrap();
        stage
            .add(&link, &Content::Link("elsewhere".to_owned()))
            .unwrap();
        stage.add(&new, &file("after")).unwrap();
        stage.add(&last, &file("after")).unwrap();
        // A folder in the way that was not there before.
        fs::create_dir_all(last.join("full")).unwrap();
        let error = stage.finish().unwrap_err().chain();
        assert!(error.contains("last"), "{error}");
        assert_eq!(fs::read_to_string(&old).unwrap(), "before");
        assert_eq!(fs::read_link(&link).unwrap(), Path::new("old"));
        assert_eq!(names(dir.path()), ["last", "link", "old"]);
    }

    /// (Links are refused before, where there are none.)
    #[cfg(unix)]
    #[test]
    fn all_files_get_their_names_and_nothing_else_stays() {
        let dir = tempfile::tempdir().unwrap();
        let [one, link] = ["lib/one.so.1", "lib/one.so"].map(|name| dir.path().join(name));
        for text in ["first", "second"] {
            let mut stage = Stage::open([&*one, &*link].into_iter()).unwrap();
            stage.add(&one, &file(text)).unwrap();
            stage
                .add(&link, &Content::Link("one.so.1".to_owned()))
                .unwrap();
            stage.finish().unwrap();
            assert_eq!(fs::read_to_string(&link).unwrap(), text);
        }
        assert_eq!(names(&dir.path().join("lib")), ["one.so", "one.so.1"]);
    }

    #[test]
    fn what_a_killed_installation_has_left_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(format!("{START}abc{END}")), "half").unwrap();
        let mine = dir.path().join("mine");
        let mut stage = Stage::open([&*mine].into_iter()).unwrap();
        stage.add(&mine, &file("whole")).unwrap();
        stage.finish().unwrap();
        assert_eq!(names(dir.path()), ["mine"]);
    }

    #[test]
    fn a_folder_in_a_files_place_is_said_before_anything_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let [inner, folder] = ["a/file", "folder"].map(|name| dir.path().join(name));
        fs::create_dir(&folder).unwrap();
        let error = Stage::open([&*inner, &*folder].into_iter()).err().unwrap();
        assert!(error.chain().contains("is a folder"), "{}", error.chain());
        assert_eq!(names(dir.path()), ["folder"]);
    }
}
