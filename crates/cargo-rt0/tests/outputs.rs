//! What the tool prints: help, reports, headers, errors. The whole text is compared with `tests/outputs/`.
//!
//! To update the files after an intended change: `SNAPSHOTS=overwrite cargo test -p cargo-rt0 --test
//! outputs`.
//!
//! On Linux only: the texts show this system's files, and its compiler makes some of them.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use common::{elf, faulty_library, good, rt0, run, said};
use object::{Architecture, Endianness};
use snapbox::{assert_data_eq, file};

/// An object file with this description.
fn object(notes: &[u8]) -> Vec<u8> {
    elf::object(Architecture::X86_64, Endianness::Little, notes)
}

fn on(command: &[&str], path: &Path) -> Output {
    rt0().args(command).arg(path).output().unwrap()
}

#[test]
fn help() {
    let help = |command: &[&str]| {
        let output = rt0().args(command).arg("--help").output().unwrap();
        good(&output)
    };
    assert_data_eq!(help(&[]), file!["outputs/help.txt"]);
    assert_data_eq!(help(&["new"]), file!["outputs/help-new.txt"]);
    assert_data_eq!(help(&["build"]), file!["outputs/help-build.txt"]);
    assert_data_eq!(help(&["install"]), file!["outputs/help-install.txt"]);
    assert_data_eq!(help(&["header"]), file!["outputs/help-header.txt"]);
    assert_data_eq!(help(&["bindings"]), file!["outputs/help-bindings.txt"]);
    assert_data_eq!(help(&["inspect"]), file!["outputs/help-inspect.txt"]);
    assert_data_eq!(help(&["doctor"]), file!["outputs/help-doctor.txt"]);
    assert_data_eq!(help(&["trace"]), file!["outputs/help-trace.txt"]);
}

#[test]
fn wrong_usage() {
    let mut all = String::new();
    for words in [
        &["fly"][..],
        &["header"],
        &["new"],
        &["build", "--release", "--profile", "fat"],
        &["bindings", "x.so"],
        &["bindings", "x.so", "--lang", "cobol"],
        &["inspect", "--fast", "x.so"],
    ] {
        let output = rt0().args(words).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        all.push_str(&format!("$ cargo rt0 {}\n", words.join(" ")));
        all.push_str(&said(&output, Path::new("/nowhere")));
    }
    assert_data_eq!(all, file!["outputs/usage.txt"]);
}

#[test]
fn a_library_and_its_header() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("far.o");
    fs::write(&path, object(&elf::notes(1, false))).unwrap();
    let inspect = |options: &[&str]| {
        let output = on(&[&["inspect"], options].concat(), &path);
        said(&output, dir.path())
    };
    let header = good(&on(&["header"], &path));
    // The status codes in between are rt0-abi's.
    let (before, rest) = header.split_once("/** What a call returns.").unwrap();
    let (_, after) = rest.split_once("/** What far_state() ").unwrap();
    let own = format!("{before}/* The status codes. */\n\n/** What far_state() {after}");
    assert_data_eq!(own, file!["outputs/far.h"]);
    assert_data_eq!(inspect(&[]), file!["outputs/inspect.txt"]);
    assert_data_eq!(inspect(&["--json"]), file!["outputs/inspect-json.txt"]);
    assert_eq!(inspect(&["--quiet"]), "exit code 0\n");
    let to = dir.path().join("far.h");
    let written = rt0().arg("header").arg(&path).arg("-o").arg(&to).output();
    assert_data_eq!(
        said(&written.unwrap(), dir.path()),
        file!["outputs/header-written.txt"]
    );
}

#[test]
fn a_library_with_everything_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let library = faulty_library(dir, &["-ftls-model=initial-exec"]);
    let output = on(&["inspect", "--quiet"], &library);
    assert_data_eq!(said(&output, dir), file!["outputs/findings.txt"]);
}

/// Each bad file, and why it is bad.
fn bad_files() -> Vec<(&'static str, Vec<u8>)> {
    let good = object(&elf::notes(1, false));
    let mut damaged = elf::notes(1, false);
    damaged[4] = 0xff;
    let mut pe = b"MZ".to_vec();
    pe.resize(0x40, 0);
    pe[0x3c] = 0x40;
    pe.extend_from_slice(b"PE\0\0\x64\x86");
    pe.extend_from_slice(&[0; 18]);
    pe.extend_from_slice(&[0x0b, 0x02]);
    pe.resize(0x200, 0);
    let mut no_such_type = elf::notes(99, false);
    let at = no_such_type.windows(2).position(|w| w == b"Ry").unwrap();
    no_such_type[at] = b'?';
    let mut wrong_type = elf::notes(1, false);
    wrong_type[at] = b'?';
    vec![
        ("empty", vec![]),
        ("text", b"hello, this is a text".to_vec()),
        ("magic", b"\x7fELF".to_vec()),
        ("half", good[..good.len() / 2].to_vec()),
        ("pe", pe),
        ("macho", [&[0xcf, 0xfa, 0xed, 0xfe][..], &[0; 60]].concat()),
        (
            "macho32",
            [&[0xce, 0xfa, 0xed, 0xfe][..], &[0; 60]].concat(),
        ),
        (
            "universal",
            [&[0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 1][..], &[0; 60]].concat(),
        ),
        ("bare", object(&[])),
        ("damaged", object(&damaged)),
        ("wrong-type", object(&wrong_type)),
        ("newer", object(&elf::notes(99, false))),
        ("newer-type", object(&no_such_type)),
    ]
}

#[test]
fn each_bad_file_has_its_own_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let mut all = String::new();
    let mut look = |path: &Path| {
        let [header, inspect] =
            ["header", "inspect"].map(|command| said(&on(&[command], path), dir));
        assert_eq!(header, inspect);
        assert!(header.starts_with("exit code 2\nerror: "), "{header}");
        all.push_str(&header);
    };
    for (name, bytes) in bad_files() {
        let path = dir.join(name);
        fs::write(&path, bytes).unwrap();
        look(&path);
    }
    look(&dir.join("nowhere.so"));
    look(dir);
    for archive in bad_archives(dir) {
        look(&archive);
    }
    assert_data_eq!(all, file!["outputs/bad-files.txt"]);
    // Any program of this machine.
    let output = on(&["header"], &std::env::current_exe().unwrap());
    assert_eq!(output.status.code(), Some(2));
}

fn bad_archives(dir: &Path) -> Vec<PathBuf> {
    let file = |name: &str, bytes: &[u8]| {
        fs::write(dir.join(name), bytes).unwrap();
        dir.join(name).to_str().unwrap().to_owned()
    };
    let far = file("far.o", &object(&elf::notes(1, false)));
    let mut other = elf::notes(1, false);
    for at in 0..other.len() - 3 {
        if &other[at..at + 3] == b"far" {
            other[at] = b'c';
        }
    }
    let other = file("other.o", &object(&other));
    let meta = file("lib.rmeta", b"rust metadata");
    let archive = |name: &str, how: &str, members: &[&str]| {
        let path = dir.join(name);
        let words = [&[how, path.to_str().unwrap()], members].concat();
        run("ar", &words);
        path
    };
    vec![
        archive("libtwo.a", "rcS", &[&far, &other]),
        archive("libthin.a", "rcST", &[&far]),
        archive("libmeta.a", "rcS", &[&meta]),
    ]
}

#[test]
fn new_projects() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let rt0_crate = dir.join("checkout");
    common::write(&rt0_crate.join("Cargo.toml"), "[package]\nname = \"rt0\"\n");
    let mut all = String::new();
    for (name, from) in [
        ("my-lib", "checkout"),
        ("my-lib", "checkout"),
        ("fn", "checkout"),
        ("9lives", "checkout"),
        ("a b", "checkout"),
        ("sem", "checkout"),
        ("lib1", "nowhere"),
    ] {
        let mut new = rt0();
        new.current_dir(dir).args(["new", name, "--rt0-path", from]);
        let output = new.output().unwrap();
        all.push_str(&format!("$ cargo rt0 new '{name}' --rt0-path {from}\n"));
        all.push_str(&said(&output, dir));
    }
    assert_data_eq!(all, file!["outputs/new.txt"]);
}
