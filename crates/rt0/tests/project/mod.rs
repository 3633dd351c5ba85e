//! A project outside the workspace that depends on this crate, as an author's does.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

/// A project in a directory of its own. All share one target directory, so that what they depend on
/// is compiled once.
pub struct Project {
    dir: PathBuf,
}

impl Project {
    /// Writes a project: a library with this source. `rt0` is what stands after `path = "..."` in the
    /// dependency, `more` the rest of its Cargo.toml.
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
        // The versions that the workspace uses: nothing has to be looked up.
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

    /// What the compiler says of a project that must not compile. `how` is cargo's command: `check`, or
    /// `build` for what is found only when the code is made.
    #[allow(dead_code, reason = "not every test has one")]
    pub fn refusal(&self, how: &str) -> String {
        let output = self.cargo(&[how]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "this compiled:\n{said}");
        said
    }

    /// Builds it in release and gives the shared library.
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

/// Leaves a file alone that is right already, so that cargo need not compile again.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::create_dir_all(path.parent().expect("a file in a directory")).expect("a directory");
    fs::write(path, text).expect("a file");
}
