//! Whether valgrind is here, which counts instructions.

use std::process::{Command, Stdio};

/// What is said without it.
pub const MISSING: &str = "there is no valgrind";

/// Whether it runs.
pub fn there() -> bool {
    let mut valgrind = Command::new("valgrind");
    let quiet = valgrind
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}
