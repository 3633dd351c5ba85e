//! Builds the libraries to measure: the same way with rt0 and without.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::host::{self, Program};
use crate::run::{cargo, root, target};

/// The files.
pub struct Built {
    /// The host that measures.
    pub host: PathBuf,
    /// Boots itself with rt0.
    pub automatic: PathBuf,
    /// Makes the runtime at the first call.
    pub lazy: PathBuf,
    /// Makes the runtime in a constructor.
    pub constructor: PathBuf,
    /// A Go library, if there is a Go compiler.
    pub go: Option<PathBuf>,
}

/// Builds them all.
///
/// # Errors
/// A library does not build.
pub fn build() -> Result<Built> {
    let out = target().join("bench");
    fs::create_dir_all(&out).with_context(|| format!("can't make {}", out.display()))?;
    let host = out.join("host");
    let program = Program {
        source: &root().join("bench/host.c"),
        output: &host,
        include: &[],
        library: None,
        flags: &["-g", "-pthread"],
    };
    host::compile(&host::compiler()?, &program)?;
    let go = go(&out)?;
    if go.is_none() {
        println!("skipped: the Go peer, which is optional: there is no Go compiler");
    }
    Ok(Built {
        host,
        automatic: automatic(&out)?,
        lazy: by_hand("lazy", &out)?,
        constructor: by_hand("constructor", &out)?,
        go,
    })
}

/// Builds the library as an author would.
fn automatic(out: &Path) -> Result<PathBuf> {
    let mut tool = cargo("run --quiet --package cargo-rt0 --bin cargo-rt0 -- rt0 build --release");
    tool.args(["--package", "bench-automatic", "--quiet", "--out"])
        .arg(out)
        .args(["--", "-C", "strip=symbols"]);
    run(tool)?;
    Ok(out.join("libbench_automatic.so"))
}

/// Builds a peer with the link flags that `cargo rt0 build` sets.
fn by_hand(name: &str, out: &Path) -> Result<PathBuf> {
    let file = format!("libbench_{name}.so");
    let mut build = cargo("rustc --quiet --release --lib --crate-type cdylib");
    build
        .args(["--package", &format!("bench-{name}"), "--target-dir"])
        .arg(target())
        .args(["--", "-C", "strip=symbols"]);
    for argument in ["-z,nodelete", "-z,now", &format!("-soname,{file}")] {
        build.args(["-C", &format!("link-arg=-Wl,{argument}")]);
    }
    run(build)?;
    let copy = out.join(&file);
    let made = target().join("release").join(&file);
    fs::copy(&made, &copy).with_context(|| format!("can't copy {}", made.display()))?;
    Ok(copy)
}

fn go(out: &Path) -> Result<Option<PathBuf>> {
    let program = std::env::var_os("GO").unwrap_or_else(|| OsString::from("go"));
    let there = Command::new(&program)
        .arg("version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !there.is_ok_and(|status| status.success()) {
        return Ok(None);
    }
    let library = out.join("libbench_go.so");
    let mut build = Command::new(program);
    build
        .current_dir(root().join("bench/go"))
        // The installed compiler, and nothing from the network.
        .env("GOTOOLCHAIN", "local")
        .env("GOFLAGS", "-mod=mod")
        .args(["build", "-buildmode=c-shared", "-ldflags=-s -w", "-o"])
        .arg(&library);
    run(build)?;
    Ok(Some(library))
}

fn run(mut command: Command) -> Result<()> {
    let shown = format!("{command:?}");
    let status = command
        .status()
        .with_context(|| format!("can't run {shown}"))?;
    ensure!(status.success(), "failed: {shown}");
    Ok(())
}
