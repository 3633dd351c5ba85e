//! A library that describes itself by hand: it contains what rt0's macros would write, without `rt0`. It
//! depends on a crate with a `#[no_mangle]` item, which must not be visible.

#![allow(dead_code, reason = "each test file uses some of it")]

pub mod elf;
/// It links by scripts of the shell.
#[cfg(unix)]
pub mod macho;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// C code with nearly everything in it that `inspect` finds wrong with a library. It describes itself by
/// the file `notes`.
const FAULTY: &str = "\
int far_count(void) { return 1; } int leak(void) { return 2; }
static __thread int t; int far_state(void) { return t++; }
const char path[] = \"/rustc/0/library/std/src/panicking.rs\";
__asm__(\".section .note.rt0,\\\"a\\\",@note\\n.incbin \\\"notes\\\"\\n.text\");
";

/// Compiles such a library, `libfar.so`, in this folder, with these further arguments.
pub fn faulty_library(dir: &Path, args: &[&str]) -> PathBuf {
    write(&dir.join("far.c"), FAULTY);
    fs::write(dir.join("notes"), elf::notes(1, false)).unwrap();
    let mut cc = Command::new("cc");
    cc.current_dir(dir)
        .args(["-shared", "-fPIC", "far.c", "-o", "libfar.so"]);
    good(&cc.args(args).output().unwrap());
    dir.join("libfar.so")
}

/// Compiles a shared library, `libNAME.so`, from C in this folder, with these further arguments.
pub fn c_library(dir: &Path, name: &str, source: &str, args: &[&str]) -> PathBuf {
    let from = dir.join(format!("{name}.c"));
    fs::write(&from, source).unwrap();
    let to = dir.join(format!("lib{name}.so"));
    compile(&[&["-shared", "-fPIC"], args].concat(), &from, &to);
    to
}

/// Compiles a file of C, with threads.
pub fn compile(args: &[&str], from: &Path, to: &Path) {
    let mut cc = Command::new("cc");
    cc.args(args).arg("-pthread").arg("-o").arg(to).arg(from);
    good(&cc.output().unwrap());
}

pub const LIB: &str = include_str!("probe.rs.in");

const MANIFEST: &str = r#"
[package]
name = "probe"
version = "0.2.0"
edition = "2024"
description = "A library for tests, with a $ and a #"
[lib]
crate-type = ["cdylib", "rlib"]
[dependencies]
rt0-abi = { path = "@ABI@" }
leaky = { path = "leaky" }
[features]
no-init = []
by-hand = []
# The tests replace this table with their own. A second table would be an error.
[package.metadata.rt0]
[profile.fat]
inherits = "release"
lto = "fat"
codegen-units = 1
strip = true
[profile.thin]
inherits = "release"
lto = "thin"
[workspace]
"#;

const LEAKY: &str = r#"
#[unsafe(no_mangle)]
pub extern "C" fn leaked_by_a_dependency() -> i32 { 5 }
#[unsafe(no_mangle)]
pub static LEAKED_STATIC: i32 = 6;
"#;

/// A copy of the probe in a directory. `name` is the crate's name and its prefix.
pub struct Probe {
    pub dir: PathBuf,
    pub name: String,
}

impl Probe {
    pub fn new(dir: &Path, name: &str) -> Probe {
        let abi = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rt0-abi");
        let manifest = MANIFEST
            .replace("@ABI@", abi.to_str().unwrap())
            .replace("probe", name);
        write(&dir.join("Cargo.toml"), &manifest);
        write(&dir.join("src/lib.rs"), &LIB.replace("probe", name));
        write(&dir.join("leaky/src/lib.rs"), LEAKY);
        let leaky = "[package]\nname = \"leaky\"\nedition = \"2024\"\n";
        write(&dir.join("leaky/Cargo.toml"), leaky);
        Probe {
            dir: dir.to_owned(),
            name: name.to_owned(),
        }
    }

    /// `cargo rt0 build` with these arguments, into `out` in the project's directory.
    pub fn build(&self, args: &[&str]) -> Output {
        self.build_with(args, &[])
    }

    /// The same with these environment variables.
    pub fn build_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Output {
        let mut command = rt0();
        command
            .current_dir(&self.dir)
            .args(["build", "--quiet", "--offline"]);
        if !args.contains(&"--out") {
            command.args(["--out", "out"]);
        }
        command.args(args);
        command.env("CARGO_TARGET_DIR", self.dir.join("target"));
        command.envs(variables.iter().copied());
        command.output().unwrap()
    }

    /// A built file.
    pub fn out(&self, file: &str) -> PathBuf {
        self.dir.join("out").join(file)
    }
}

/// Says that this test, or a part of it, is skipped, and why.
///
/// # Panics
/// As [`rt0_skips::skipped`].
pub fn skipped(why: &str) {
    let thread = std::thread::current();
    rt0_skips::skipped(thread.name().unwrap_or("a test"), why);
}

pub fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A program: a script of the shell.
#[cfg(unix)]
pub fn script(path: &Path, text: &str) {
    write(path, text);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(path, mode).unwrap();
}

/// The tool, as cargo calls it.
pub fn rt0() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-rt0"));
    // Set under `cargo test`, not for a person at a terminal.
    command.env_remove("LD_LIBRARY_PATH").arg("rt0");
    command
}

/// The text of a library that has an init and one export.
pub const LEAST: &str = r#"
pub struct Nothing;
#[rt0::init]
fn init() -> Nothing { Nothing }
#[rt0::export(or = 0)]
fn answer() -> i32 { 42 }
"#;

/// A new project without tokio, with this text as its library.
pub fn plain(dir: &Path, name: &str, prefix: &str, lib: &str) -> PathBuf {
    let project = dir.join(name);
    good(&rt0().current_dir(dir).args(["new", name]).output().unwrap());
    let path = project.join("Cargo.toml");
    let manifest = fs::read_to_string(&path).unwrap();
    let manifest = manifest.replace("rt0 = { path", "rt0 = { default-features = false, path");
    let prefix = format!("[package.metadata.rt0]\nprefix = \"{prefix}\"\n");
    fs::write(path, manifest + &prefix).unwrap();
    fs::write(project.join("src/lib.rs"), lib).unwrap();
    project
}

/// `cargo rt0 build` with these arguments, with one target directory for all projects, so that `rt0` itself is
/// compiled once.
pub fn build_shared(project: &Path, args: &[&str]) -> Output {
    let mut command = rt0();
    command.env("CARGO_TARGET_DIR", shared_target());
    command
        .current_dir(project)
        .args(["build", "--out", "out"])
        .args(args);
    command.output().unwrap()
}

/// That directory.
pub fn shared_target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("plain")
}

/// What a successful program wrote.
pub fn good(output: &Output) -> String {
    assert!(output.status.success(), "{}", both(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn both(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!(
        "{}\n{}\n{}",
        output.status,
        text(&output.stdout),
        text(&output.stderr)
    )
}

/// How a program ended and what it wrote, with this directory's name taken out.
pub fn said(output: &Output, dir: &Path) -> String {
    let code = output.status.code().expect("it ended by itself");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let all = format!(
        "exit code {code}\n{}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    all.replace(dir.to_str().unwrap(), "[DIR]")
}

/// What a failed program wrote to its error output, with this exit code.
pub fn bad(output: &Output, code: i32) -> String {
    assert_eq!(output.status.code(), Some(code), "{}", both(output));
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(
        text.starts_with("error: ") && !text.contains("panicked"),
        "{text}"
    );
    text
}

/// Whether this program is here.
pub fn can_run(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").output().is_ok()
}

/// Runs a program that must succeed and gives its output.
pub fn run(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output();
    good(&output.unwrap_or_else(|e| panic!("{program}: {e}")))
}

/// The tool in the linker's place, in this folder, whose `cc` is the compiler that it calls. `told` is what differs from
/// what `cargo rt0 build` tells it otherwise.
pub fn as_linker(dir: &Path, told: &[(&str, serde_json::Value)]) -> Command {
    let mut task = serde_json::json!({
        "linker": dir.join("cc"), "keep": [], "seen": dir.join("seen"), "inside": false, "installed": false,
        "version": "1.2.3",
    });
    for (name, value) in told {
        task[*name] = value.clone();
    }
    let mut tool = Command::new(rt0().get_program());
    tool.current_dir(dir).env("RT0_LINK", task.to_string());
    tool
}

/// A host in Go that finds a probe by pkg-config.
pub const GO_HOST: &str = r#"
package main
/*
#cgo pkg-config: @NAME@
#include "probe.h"
*/
import "C"
import "fmt"
func main() {
	var text *C.char
	if C.probe_text(C.CString("x"), 1, &text, nil, nil) != 0 { panic("no text") }
	fmt.Println(C.GoString(text), int(C.probe_started()), map[C.bool]int{true: 1}[C.probe_in_archive()])
}
"#;
