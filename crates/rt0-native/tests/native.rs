//! Builds `pane` as plain cargo does and runs all checks, on whatever system this is.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program.
fn native(library: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rt0-native"));
    // Set for these tests, not for hosts.
    command.arg(library).env_remove("RT0_START");
    command.output().expect("it was built")
}

fn said(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    format!("{}\n{out}{err}", output.status)
}

/// The library, beside the program.
fn pane() -> PathBuf {
    let folder = Path::new(env!("CARGO_BIN_EXE_rt0-native")).parent();
    let folder = folder.expect("a file is in a folder");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--package", "pane"]);
    // Cargo's target directory is two folders above the program.
    cargo
        .arg("--target-dir")
        .arg(folder.parent().expect("as above"));
    let built = cargo.status().expect("cargo runs us");
    assert!(built.success(), "{built}");
    let (begin, end) = (env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    folder.join(format!("{begin}pane{end}"))
}

#[test]
fn everything_works_here() {
    let output = native(&pane());
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("12 checks, 0 failed"), "{text}");
}

/// A check that can't fail checks nothing.
#[test]
fn without_the_library_every_check_fails() {
    let output = native(Path::new("nowhere/libpane.so"));
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("12 checks, 12 failed"), "{text}");
}
