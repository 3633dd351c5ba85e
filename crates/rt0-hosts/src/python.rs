//! Python as a host.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// The interpreter itself, past whatever script picks it; `None` when there is none.
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
