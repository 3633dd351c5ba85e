//! A place for files that another user is to reach.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A directory that others may enter, which the target directory may not be. It goes with this value.
pub struct Temporary(PathBuf);

impl Temporary {
    /// A new one, with this word in its name.
    ///
    /// # Panics
    /// When it can't be made.
    pub fn new(name: &str) -> Temporary {
        let dir = std::env::temp_dir().join(format!("rt0-hosts-{name}-{}", std::process::id()));
        fs::create_dir_all(&dir).expect("a temporary directory can be made");
        readable(&dir);
        Temporary(dir)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A copy of this file in it, which others may read and run.
    ///
    /// # Panics
    /// When it can't be made.
    pub fn copy(&self, file: impl AsRef<Path>) -> PathBuf {
        let file = file.as_ref();
        let to = self.0.join(file.file_name().unwrap_or_default());
        fs::copy(file, &to).expect("a temporary directory can be written");
        readable(&to);
        to
    }
}

fn readable(path: &Path) {
    fs::set_permissions(path, Permissions::from_mode(0o755)).expect("it is ours");
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
