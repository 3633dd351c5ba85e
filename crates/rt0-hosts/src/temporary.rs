//! A directory for files that another user must reach.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::processes::readable;

/// A directory that others may enter, which is not certain for the target directory. Dropping the value
/// removes it.
pub struct Temporary(TempDir);

impl Temporary {
    /// A new directory, with this word in its name.
    ///
    /// # Panics
    /// It can't be made.
    pub fn new(name: &str) -> Temporary {
        let dir = tempfile::Builder::new()
            .prefix(&format!("rt0-hosts-{name}-"))
            .permissions(readable())
            .tempdir();
        Temporary(dir.expect("a temporary directory can be made"))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// A copy of this file in it, which others may read and run.
    ///
    /// # Panics
    /// It can't be made.
    pub fn copy(&self, file: impl AsRef<Path>) -> PathBuf {
        let file = file.as_ref();
        let to = self.path().join(file.file_name().unwrap_or_default());
        fs::copy(file, &to)
            .and_then(|_| fs::set_permissions(&to, readable()))
            .expect("a temporary directory can be written");
        to
    }
}
