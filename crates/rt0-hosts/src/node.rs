//! Node.js as a host, and the tools that npm installs.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use crate::places::target;

/// node, in a version for which napi-rs is made; `None` if there is none.
pub fn node() -> Option<PathBuf> {
    static NODE: OnceLock<Option<PathBuf>> = OnceLock::new();
    const OLDEST: u32 = 20;
    let find = || {
        let mut command = Command::new("node");
        let output = command
            .args(["-p", "process.versions.node + ' ' + process.execPath"])
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        let (version, path) = text.trim().split_once(' ')?;
        let major: u32 = version.split('.').next()?.parse().ok()?;
        (output.status.success() && major >= OLDEST).then(|| path.into())
    };
    NODE.get_or_init(find).clone()
}

/// A tool among the npm packages of this name, as `ci/setup.sh` installs them in the target directory.
pub fn npm_tool(packages: &str, tool: &str) -> Option<PathBuf> {
    let tool = npm(packages).join("node_modules/.bin").join(tool);
    tool.exists().then_some(tool)
}

/// The folder of the npm packages of this name, if they have this one.
pub fn npm_packages(packages: &str, package: &str) -> Option<PathBuf> {
    let dir = npm(packages);
    dir.join("node_modules")
        .join(package)
        .exists()
        .then_some(dir)
}

fn npm(packages: &str) -> PathBuf {
    target().join("npm").join(packages)
}
