//! Java as a host.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// `java` of a JDK in a version that has foreign functions; `None` if there is none. It is in `JAVA_HOME`, in `PATH`,
/// or where Debian and others install JDKs.
pub fn java_with_foreign_functions() -> Option<PathBuf> {
    static JAVA: OnceLock<Option<PathBuf>> = OnceLock::new();
    JAVA.get_or_init(|| candidates().into_iter().find(|java| is_new(java)))
        .clone()
}

fn candidates() -> Vec<PathBuf> {
    let in_home = |home: PathBuf| home.join("bin/java");
    let named = std::env::var_os("JAVA_HOME").map(|home| in_home(home.into()));
    let mut all: Vec<PathBuf> = named.into_iter().chain(["java".into()]).collect();
    let installed = Path::new("/usr/lib/jvm").read_dir();
    let installed = installed.into_iter().flatten().flatten();
    all.extend(installed.map(|entry| in_home(entry.path())));
    all
}

fn is_new(java: &Path) -> bool {
    const OLDEST: u32 = 22;
    let version = || {
        let output = Command::new(java).arg("--version").output().ok()?;
        let said = String::from_utf8(output.stdout).ok()?;
        // `openjdk 25.0.3 2026-04-21 LTS`
        let number = said.split_whitespace().nth(1)?;
        number.split(['.', '-', '+']).next()?.parse::<u32>().ok()
    };
    version().is_some_and(|version| version >= OLDEST)
}
