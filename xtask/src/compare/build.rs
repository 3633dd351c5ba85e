//! Builds the libraries, and says with what.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::libraries::{How, Library};
use crate::bench::build::Compiler;
use crate::host::python;
use crate::run::{cargo, root, rustc, said, target};

/// A library that was built.
pub struct Built {
    /// The file, relative to the repository where it can be.
    pub file: PathBuf,
    /// Its C header, where its tool writes one.
    pub header: Option<PathBuf>,
    /// Such as `rustc 1.95.0, tokio 1.54.1`.
    pub versions: String,
}

/// Where the libraries are put.
pub fn folder() -> Result<PathBuf> {
    let folder = relative(&target().join("compare"));
    let full = root().join(&folder);
    fs::create_dir_all(&full).with_context(|| format!("can't make {}", full.display()))?;
    Ok(folder)
}

/// Relative to the repository, if it is in there: so the commands on the page have no path of this machine.
fn relative(path: &Path) -> PathBuf {
    path.strip_prefix(root()).unwrap_or(path).to_owned()
}

/// Builds a library.
///
/// # Errors
/// Something is missing, or it does not build.
pub fn build(library: &Library) -> Result<Built> {
    let folder = folder()?;
    let source = root().join("compare").join(library.name);
    let file = folder.join(format!("libcompare_{}.so", library.name.replace('-', "_")));
    match library.how {
        How::Go => return go(&source, &file),
        How::Rt0 => with_rt0(library, &folder)?,
        How::Here => {
            let mut build = cargo("build --quiet --release --package");
            build
                .arg(package(library))
                .arg("--target-dir")
                .arg(target());
            done(&mut build)?;
            copied(&target().join("release"), &file)?;
        }
        How::Alone => copied(&alone(&source, None)?, &file)?,
        How::Python => copied(&alone(&source, Some(&python_to_link()?))?, &file)?,
    }
    let header = file.with_file_name(format!("{}.h", package(library).replace('-', "_")));
    Ok(Built {
        header: (library.how == How::Rt0).then_some(header),
        versions: versions(library, &source)?,
        file,
    })
}

/// Builds `examples/hello` as its author would.
///
/// # Errors
/// It does not build.
pub fn hello() -> Result<PathBuf> {
    let folder = folder()?;
    rt0_build("hello", &folder)?;
    Ok(folder.join("libhello.so"))
}

fn package(library: &Library) -> String {
    format!("compare-{}", library.name)
}

fn with_rt0(library: &Library, folder: &Path) -> Result<()> {
    rt0_build(&package(library), folder)
}

fn rt0_build(package: &str, folder: &Path) -> Result<()> {
    let mut tool = cargo("run --quiet --package cargo-rt0 --bin cargo-rt0 -- rt0 build --release");
    tool.args(["--package", package, "--quiet", "--out"])
        .arg(folder);
    done(&mut tool)
}

/// Builds a workspace of its own, exactly with the versions that it has written down: where the files are.
fn alone(source: &Path, python: Option<&Path>) -> Result<PathBuf> {
    let target = target().join("compare/build");
    let mut build = cargo("build --quiet --release --locked");
    build.current_dir(source).env("CARGO_TARGET_DIR", &target);
    if let Some(python) = python {
        build.env("PYO3_PYTHON", python);
    }
    done(&mut build)?;
    Ok(target.join("release"))
}

fn copied(from: &Path, file: &Path) -> Result<()> {
    let from = from.join(file.file_name().unwrap_or_default());
    fs::copy(&from, root().join(file))
        .with_context(|| format!("can't copy {}", from.display()))
        .map(drop)
}

/// A Python whose library the loader finds: that of the system, or another one that says where its library is.
fn python_to_link() -> Result<PathBuf> {
    let shared = "import os, sys, sysconfig as s; v = s.get_config_var; \
                  p = os.path.join(v('LIBDIR') or '', v('MULTIARCH') or '', v('INSTSONAME') or '-'); \
                  q = os.path.join(v('LIBDIR') or '', v('INSTSONAME') or '-'); \
                  sys.exit(0 if v('Py_ENABLE_SHARED') and any(map(os.path.exists, (p, q))) else 1)";
    let candidates = [Some(PathBuf::from("/usr/bin/python3")), python()];
    candidates
        .into_iter()
        .flatten()
        .find(|python| {
            let status = Command::new(python).args(["-c", shared]).status();
            status.is_ok_and(|status| status.success())
        })
        .context("there is no Python with a shared library: install libpython3-dev")
}

fn go(source: &Path, file: &Path) -> Result<Built> {
    let go = Compiler::find()?.context("there is no Go compiler")?;
    go.shared(source, &root().join(file))?;
    Ok(Built {
        file: file.to_owned(),
        header: Some(file.with_extension("h")),
        versions: go.name,
    })
}

fn done(command: &mut Command) -> Result<()> {
    let output = command
        .output()
        .with_context(|| format!("{command:?} can't be run"))?;
    let why = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "it does not build: {}", why.trim());
    Ok(())
}

/// The compiler, and the packages that matter.
fn versions(library: &Library, source: &Path) -> Result<String> {
    let version = rustc(&["--version"])?;
    let number = version.split_whitespace().nth(1).unwrap_or_default();
    let mut parts = vec![format!("rustc {number}")];
    let lock = match library.how {
        How::Rt0 | How::Here => root().join("Cargo.lock"),
        _ => source.join("Cargo.lock"),
    };
    let lock = fs::read_to_string(&lock).with_context(|| lock.display().to_string())?;
    for package in library.packages {
        let version = locked(&lock, package).with_context(|| format!("{package} is not locked"))?;
        parts.push(format!("{package} {version}"));
    }
    if library.how == How::Python {
        let python = said(Command::new(python_to_link()?).arg("--version"))?;
        parts.push(python.trim().to_owned());
    }
    Ok(parts.join(", "))
}

/// The version of a package in a lock file.
fn locked<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::locked;

    #[test]
    fn a_version_is_read_from_a_lock_file() {
        let lock = "[[package]]\nname = \"tokio-util\"\nversion = \"0.7.1\"\n\n[[package]]\nname = \"tokio\"\n\
                    version = \"1.54.1\"\n";
        assert_eq!(locked(lock, "tokio"), Some("1.54.1"));
        assert_eq!(locked(lock, "pyo3"), None);
    }
}
