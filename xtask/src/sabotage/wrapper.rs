//! The compiler that leaves out a protection.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::Result;

/// A compiler that sets the switch, only for the packages of this workspace. Its new path makes cargo rebuild
/// them.
///
/// # Errors
/// It can't be written.
pub fn wrapper(dir: &Path, switch: &str) -> Result<PathBuf> {
    let path = dir.join("rustc");
    let script = format!("#!/bin/sh\nexec \"$@\" --cfg 'rt0_sabotage=\"{switch}\"'\n");
    fs::write(&path, script)?;
    fs::set_permissions(&path, Permissions::from_mode(0o755))?;
    Ok(path)
}
