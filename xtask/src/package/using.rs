//! Uses the packages as a person does who has never seen the repository.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::crates::Public;
use super::registry::Registry;
use crate::run::{cargo, said, step, timed};

/// Installs the tool.
///
/// # Errors
/// It can't be built from its package alone.
pub fn install(registry: &Registry) -> Result<()> {
    // By the lock file in the package.
    let mut install = command(registry, Path::new("/"));
    install.args([
        "install",
        "cargo-rt0",
        "--debug",
        "--locked",
        "--force",
        "--quiet",
        "--root",
    ]);
    step(
        "cargo install cargo-rt0",
        install.arg(registry.out.join("installed")),
    )
}

/// Has the installed tool make a project, in a folder outside the repository, and builds it.
///
/// # Errors
/// It does not depend by version, or can't be built, or its host fails.
pub fn new(registry: &Registry, template: &str, whole: bool) -> Result<()> {
    timed(&format!("cargo rt0 new --template {template}"), || {
        let dir = tempfile::tempdir().context("can't make a temporary folder")?;
        let project = dir.path().join("shop");
        let mut new = command(registry, dir.path());
        said(new.args(["rt0", "new", "shop", "--template", template]))?;
        let manifest = project.join("Cargo.toml");
        let text = fs::read_to_string(&manifest)
            .with_context(|| format!("can't read {}", manifest.display()))?;
        ensure!(
            text.contains("rt0 = { version = \"") && !text.contains("path = \""),
            "the new project does not depend on rt0 by version:\n{text}"
        );
        if !whole {
            said(command(registry, &project).args(["check", "--quiet"]))?;
            return Ok(());
        }
        let out = project.join("out");
        said(command(registry, &project).args(["rt0", "build", "--quiet", "--out", "out"]))?;
        let host = project.join("host");
        said(
            Command::new("cc")
                .arg(project.join("hosts/host.c"))
                .arg("-I")
                .arg(&out)
                .arg("-L")
                .arg(&out)
                .args(["-lshop", "-o"])
                .arg(&host),
        )?;
        let greeting = said(Command::new(host).env("LD_LIBRARY_PATH", out))?;
        ensure!(
            greeting.starts_with("Hello, C!"),
            "the host said: {greeting}"
        );
        Ok(())
    })
}

/// Builds a package by itself.
///
/// # Errors
/// It needs what is not in it.
pub fn build(registry: &Registry, own: &Public) -> Result<()> {
    // Outside the repository, whose workspace it is no part of.
    let dir = tempfile::tempdir().context("can't make a temporary folder")?;
    let folder = registry.unpack(own, dir.path())?;
    let mut check = command(registry, &folder);
    check.args(["check", "--quiet", "--lib", "--all-features"]);
    step(&format!("the package {} by itself", own.name), &mut check)
}

/// Cargo in this folder, with the registry in the public one's place, and the installed tool.
fn command(registry: &Registry, dir: &Path) -> Command {
    let mut command = cargo("");
    command
        .current_dir(dir)
        .env("PATH", path(&registry.out.join("installed/bin")));
    registry.used_by(&mut command);
    command
}

/// The folder before those that programs are found in.
fn path(first: &Path) -> OsString {
    let all = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(PathBuf::from(first)).chain(env::split_paths(&all));
    env::join_paths(folders).unwrap_or(all)
}
