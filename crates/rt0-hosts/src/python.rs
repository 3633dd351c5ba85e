//! Python as a host.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use crate::places::target;

/// The interpreter itself, not a script that picks one; `None` if there is none.
pub fn python() -> Option<PathBuf> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    let find = || {
        let mut command = Command::new("python3");
        let output = command
            .args(["-c", "import ctypes, sys; print(sys.executable)"])
            .output()
            .ok()?;
        let path = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| path.trim().into())
    };
    PYTHON.get_or_init(find).clone()
}

/// The interpreter of the environment that `ci/setup.sh` makes, if it has this module. It is in
/// `RT0_HOSTS_VENV`, or `venv` in the target directory.
pub fn venv(module: &str) -> Option<PathBuf> {
    let dir =
        std::env::var_os("RT0_HOSTS_VENV").map_or_else(|| target().join("venv"), PathBuf::from);
    let python = dir.join("bin/python");
    let import = format!("import {module}");
    let output = Command::new(&python).args(["-c", &import]).output().ok()?;
    output.status.success().then_some(python)
}
