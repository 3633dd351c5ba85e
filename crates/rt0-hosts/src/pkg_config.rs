//! The C libraries that are installed on this machine.

use std::process::Command;

/// The options for compiling and linking with this library; `None` if it is not installed.
pub fn pkg_config(library: &str) -> Option<Vec<String>> {
    let output = Command::new("pkg-config")
        .args(["--cflags", "--libs", library])
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.split_whitespace().map(str::to_owned).collect())
}
