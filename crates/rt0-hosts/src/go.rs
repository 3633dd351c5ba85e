//! Go as a host.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::places::target;
use crate::watchdog::Host;

/// `go` in a version for which modules of ours are; `None` if there is none. It is in `PATH`, or where `ci/setup.sh`
/// installs it if that is older.
pub fn go() -> Option<PathBuf> {
    static GO: OnceLock<Option<PathBuf>> = OnceLock::new();
    let candidates = || [PathBuf::from("go"), target().join("venv/bin/go")];
    GO.get_or_init(|| candidates().into_iter().find(|go| is_new(go)))
        .clone()
}

fn is_new(go: &Path) -> bool {
    const OLDEST: u32 = 22;
    let version = || {
        let output = Command::new(go)
            .arg("version")
            .env("GOTOOLCHAIN", "local")
            .output();
        let said = String::from_utf8(output.ok()?.stdout).ok()?;
        // `go version go1.26.8 linux/amd64`
        let numbers = said.split_whitespace().nth(2)?.strip_prefix("go1.")?;
        let minor = numbers.split(|c: char| !c.is_ascii_digit()).next()?;
        minor.parse::<u32>().ok()
    };
    version().is_some_and(|version| version >= OLDEST)
}

/// The formatter that came with this Go.
///
/// # Panics
/// `go env` fails.
pub fn gofmt(go: &Path) -> PathBuf {
    let root = host(go, go).args(["env", "GOROOT"]).run().ok();
    Path::new(root.trim_end()).join("bin/gofmt")
}

/// A tool that `ci/setup.sh` has compiled from Go's modules.
pub fn tool(name: &str) -> Option<PathBuf> {
    Some(target().join("go/bin").join(name)).filter(|path| path.is_file())
}

/// Runs a program of Go's, or one that runs that: without the network, and with what is compiled kept in the target
/// folder.
pub fn host(program: &Path, go: &Path) -> Host {
    let kept = target().join("go");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let first = go.parent().map(Path::to_owned).into_iter();
    let dirs = first.chain(std::env::split_paths(&path));
    Host::new(program)
        .env(
            "PATH",
            std::env::join_paths(dirs).expect("each came from one"),
        )
        .env("CGO_ENABLED", "1")
        .env("GOCACHE", kept.join("cache"))
        .env("GOPATH", &kept)
        .env("GOFLAGS", "-mod=mod")
        .env("GOPROXY", "off")
        .env("GOTOOLCHAIN", "local")
        .env("HOME", &kept)
        .env("STATICCHECK_CACHE", kept.join("staticcheck"))
}
