//! `cargo xtask demo [DIR]`: a search engine boots itself inside a C program and inside Python.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rt0_cc::Compiler;

use crate::host::{self, Program};
use crate::run::{root, target, timed};

/// A host that takes longer is killed. The search library itself gives up after 300 s.
const LIMIT: Duration = Duration::from_secs(360);

/// Builds `examples/search`, and runs its hosts on a directory: this repository, if none is named.
///
/// # Errors
/// The directory or a C compiler is missing, or a build or a host fails.
pub fn run(dir: Option<PathBuf>) -> Result<()> {
    let root = root();
    let dir = directory(dir.as_deref().unwrap_or(root))?;
    let compiler = host::compiler()?;
    let out = target().join("demo");
    fs::create_dir_all(&out).with_context(|| format!("can't make {}", out.display()))?;

    let what = "building examples/search in release mode; the first build takes some minutes";
    timed(what, || build(root, &out))?;
    let hosts = root.join("examples/search/hosts");
    let library = out.join("libsearch.so");
    println!("Compiling the C hosts in examples/search/hosts/c.");
    let by_dlopen = compile(&compiler, &hosts, &out, "host_dlopen", None)?;
    let linked = |name| compile(&compiler, &hosts, &out, name, Some((&out, "search")));
    let (linked, loops) = (linked("host_linked")?, linked("host_loop")?);

    println!("\nEach host below searches {}.", dir.display());
    println!("Loading the library starts it; the load does not wait, the first call does.");

    let searching = |program: &Path| {
        let mut host = Command::new(program);
        // The index is kept only in memory.
        host.env("SEARCH_DIR", &dir).env_remove("SEARCH_INDEX");
        // cargo names folders with other builds of the library, which would come before the one that was just built.
        host.env_remove("LD_LIBRARY_PATH");
        host
    };
    println!("\nA C program that loads the library with dlopen:");
    show(searching(&by_dlopen).arg(&library))?;
    if let Some(python) = host::python() {
        println!(
            "\nPython, through the package that `cargo rt0 bindings` writes from libsearch.so:"
        );
        let packages = out.join("bindings");
        bindings(root, &library, &packages)?;
        let script = hosts.join("python/host.py");
        let mut host = searching(&python);
        show(host.arg(script).env("PYTHONPATH", packages.join("python")))?;
    } else {
        println!("\nPython was skipped: python3 (3.9 or later) is missing.");
    }
    println!("\nA C program that is linked with the library, which starts before main:");
    show(&mut searching(&linked))?;
    println!("\nA C program with one event loop, and a thousand searches in it at once:");
    show(&mut searching(&loops))
}

fn directory(dir: &Path) -> Result<PathBuf> {
    let full = dir.canonicalize();
    let full = full.with_context(|| format!("can't search the directory {}", dir.display()))?;
    ensure!(
        full.is_dir(),
        "can't search {}: it is not a directory",
        dir.display()
    );
    Ok(full)
}

/// Builds the library as its author would, with `cargo rt0 build`.
fn build(root: &Path, out: &Path) -> Result<()> {
    let words = ["build", "--release", "--package", "search", "--out"];
    cargo_rt0(root, |cargo| cargo.args(words).arg(out))
}

/// Writes the package for Python, with the library inside.
fn bindings(root: &Path, library: &Path, out: &Path) -> Result<()> {
    let words = ["--lang", "python", "--bundle", "--quiet", "--out"];
    cargo_rt0(root, |cargo| {
        cargo.arg("bindings").arg(library).args(words).arg(out)
    })
}

fn cargo_rt0(root: &Path, words: impl FnOnce(&mut Command) -> &mut Command) -> Result<()> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["run", "--quiet", "--package", "cargo-rt0"])
        .args(["--bin", "cargo-rt0", "--", "rt0"])
        .current_dir(root);
    let status = words(&mut cargo).status().context("can't run cargo")?;
    ensure!(status.success(), "`cargo rt0` failed: {cargo:?}");
    Ok(())
}

fn compile(
    compiler: &Compiler,
    hosts: &Path,
    out: &Path,
    name: &str,
    library: Option<(&Path, &str)>,
) -> Result<PathBuf> {
    let output = out.join(name);
    let program = Program {
        source: &hosts.join("c").join(name).with_extension("c"),
        output: &output,
        include: &[out],
        library,
        flags: &[],
    };
    host::compile(compiler, &program)?;
    Ok(output)
}

/// Runs a host, which prints what it finds.
fn show(host: &mut Command) -> Result<()> {
    let status = host::run(host, LIMIT)?;
    ensure!(status.success(), "the host failed: {status}");
    Ok(())
}
