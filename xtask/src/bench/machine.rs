//! What was measured, and on what: the commit, the machine, the tools.

use std::fs;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::run::{root, rustc};

/// The machine and the tools.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Machine {
    /// The processor's name.
    pub processor: String,
    /// How many there are.
    pub processors: usize,
    /// The kernel's version.
    pub kernel: String,
    /// The C library's version.
    pub libc: String,
    /// The compiler's version.
    pub rustc: String,
}

impl Machine {
    /// This machine.
    pub fn this() -> Machine {
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let name = info
            .lines()
            .find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        let said = |program: &str, arguments: &[&str]| {
            let output = Command::new(program)
                .args(arguments)
                .current_dir(root())
                .output();
            output.map_or_else(
                |_| "unknown".to_owned(),
                |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
            )
        };
        let release = |version: String| version.split_whitespace().nth(1).map(str::to_owned);
        Machine {
            processor: name.map_or("unknown", |(_, name)| name).to_owned(),
            processors: std::thread::available_parallelism().map_or(1, Into::into),
            kernel: said("uname", &["-r"]),
            libc: said("getconf", &["GNU_LIBC_VERSION"]),
            rustc: rustc(&["--version"])
                .ok()
                .and_then(release)
                .unwrap_or_default(),
        }
    }
}

/// The commit at hand.
pub fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .args(arguments)
            .current_dir(root())
            .output()
            .ok()?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let changed = git(&["status", "--porcelain", "--untracked-files=no"]).unwrap_or_default();
    let mark = if changed.is_empty() { "" } else { "+" };
    git(&["rev-parse", "--short=12", "HEAD"]).unwrap_or_default() + mark
}
