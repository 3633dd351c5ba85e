//! A project outside the workspace that depends on this crate, like an author's project.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

/// A project in a directory of its own. All projects share one target directory, so their dependencies are
/// compiled once.
pub struct Project {
    dir: PathBuf,
}

impl Project {
    /// Writes a project: a library with this source. `rt0` is appended after `path = "..."` in the
    /// dependency, and `more` is the rest of its Cargo.toml.
    pub fn new(name: &str, rt0: &str, more: &str, source: &str) -> Project {
        let dir = root().join(name);
        let crate_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [lib]\ncrate-type = [\"cdylib\", \"rlib\"]\n\n\
             [dependencies]\nrt0 = {{ path = {crate_dir:?}{rt0} }}\n\n[workspace]\n\n{more}"
        );
        write(&dir.join("Cargo.toml"), &manifest);
        write(&dir.join("src/lib.rs"), source);
        // Use the workspace's versions, so that cargo needs no network.
        let lock = crate_dir.join("../../Cargo.lock");
        if let Err(error) = fs::copy(&lock, dir.join("Cargo.lock")) {
            panic!("cannot copy {}: {error}", lock.display());
        }
        Project { dir }
    }

    /// Runs cargo on it.
    pub fn cargo(&self, arguments: &[&str]) -> Output {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
        cargo
            .args(arguments)
            .args(["--offline", "--color", "never", "--manifest-path"])
            .arg(self.dir.join("Cargo.toml"))
            .arg("--target-dir")
            .arg(root().join("target"));
        cargo.output().expect("cargo runs")
    }

    /// The compiler's output for a project that must not compile. `how` is cargo's command: `check`, or
    /// `build` for errors that are found only when code is generated.
    #[allow(dead_code, reason = "not every test has one")]
    pub fn refusal(&self, how: &str) -> String {
        let output = self.cargo(&[how]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "this compiled:\n{said}");
        said
    }

    /// Builds the project in release mode, and returns the shared library's bytes.
    #[allow(dead_code, reason = "not every test has one")]
    pub fn library(&self, name: &str) -> Vec<u8> {
        let output = self.cargo(&["build", "--release"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let file = root().join(format!("target/release/lib{name}.so"));
        fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects")
}

/// Writes a file, unless it already has this text, so that cargo does not compile again.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::create_dir_all(path.parent().expect("a file in a directory")).expect("a directory");
    fs::write(path, text).expect("a file");
}
