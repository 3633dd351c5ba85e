//! Where things are: the workspace, the sources of hosts, and what tests build.

use std::path::{Path, PathBuf};

/// The root of the workspace.
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("crates/NAME").to_owned()
}

/// Where tests put what they build: `RT0_HOSTS_DIR`, or a part of the target directory.
pub fn scratch() -> PathBuf {
    if let Some(dir) = std::env::var_os("RT0_HOSTS_DIR") {
        return dir.into();
    }
    target().join("hosts")
}

/// Cargo's target directory.
pub fn target() -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    workspace().join(target)
}

/// A file in `hosts/`.
pub fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("hosts")
        .join(name)
}
