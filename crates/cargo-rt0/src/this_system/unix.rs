//! Unix: paths are bytes, and files have rights.

use std::ffi::OsString;
use std::fs::Permissions;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::Builder;

/// Every user can make links.
pub const HAS_LINKS: bool = true;

/// The text of these bytes.
pub fn text(bytes: &[u8]) -> OsString {
    OsString::from_vec(bytes.to_vec())
}

/// Gives a new file or folder these rights.
pub fn permissions(builder: &mut Builder<'_, '_>, mode: u32) {
    builder.permissions(Permissions::from_mode(mode));
}

/// Gives a file exactly these rights.
///
/// # Errors
/// The file is somebody else's.
pub fn mode(file: &Path, mode: u32) -> io::Result<()> {
    std::fs::set_permissions(file, Permissions::from_mode(mode))
}

/// Makes a link to a file.
///
/// # Errors
/// It can't be made.
pub fn link(to: &Path, from: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, from)
}
