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

/// A tool among the npm packages of this example, as `ci/setup.sh` installs them in the target directory.
pub fn npm_tool(example: &str, tool: &str) -> Option<PathBuf> {
    let dir = target().join("npm").join(example).join("node_modules/.bin");
    let tool = dir.join(tool);
    tool.exists().then_some(tool)
}
