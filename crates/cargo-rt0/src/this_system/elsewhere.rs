//! Windows: texts are Unicode, files have no such rights, and a link needs rights of its own.

use std::ffi::OsString;
use std::path::Path;
use std::{fs, io};

use tempfile::Builder;

/// Where the loader looks for libraries.
pub const LIBRARY_PATH: &str = "PATH";

/// Links need rights that few users have.
pub const HAS_LINKS: bool = false;

/// The text of these bytes, which the compiler and the linker write as UTF-8.
pub fn text(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// Files have other rights here.
pub fn permissions(_builder: &mut Builder<'_, '_>, _mode: u32) {}

/// Files have other rights here.
///
/// # Errors
/// None.
pub fn mode(_file: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

/// Makes a copy of a file.
///
/// # Errors
/// It can't be made.
pub fn link(to: &Path, from: &Path) -> io::Result<()> {
    fs::copy(to, from).map(drop)
}
