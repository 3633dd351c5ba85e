//! `cargo rt0 doctor` on libraries that are built with rt0: which calls it finds in their descriptions, and that it has
//! nothing against the examples.
//!
//! On Linux only: elsewhere the tool says that it can not watch a process.
#![cfg(target_os = "linux")]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{good, rt0};
use serde_json::Value;

fn workspace() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap()
}

/// Where compilers put what they make for these tests. Others have built most of it already.
fn target() -> PathBuf {
    workspace().join("target/hosts")
}

/// A library of this workspace, built by `cargo rt0 build`.
fn built(package: &str, args: &[&str]) -> PathBuf {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{package}{}", args.concat()));
    let mut command = rt0();
    command
        .current_dir(workspace())
        .env("CARGO_TARGET_DIR", target())
        .args(["build", "--quiet", "--package", package, "--out"])
        .arg(&out)
        .args(args);
    good(&command.output().unwrap());
    out.join(format!("lib{package}.so"))
}

/// The report.
fn doctor(library: &Path, words: &[&str]) -> Value {
    let mut command = rt0();
    // The directory that the example `search` indexes.
    command.env("SEARCH_DIR", workspace().join("examples/search/src"));
    command
        .arg("doctor")
        .arg(library)
        .args(words)
        .args(["--json", "-", "--quiet"]);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {said}"))
}

/// What is neither well nor skipped.
fn alarms(report: &Value) -> Vec<String> {
    let checks = report["checks"].as_array().unwrap().iter();
    checks
        .filter(|check| check["outcome"] != "pass" && check["outcome"] != "skip")
        .map(|check| {
            format!(
                "{} {}: {}",
                check["id"], check["outcome"], check["evidence"]
            )
        })
        .collect()
}

/// What one check says.
fn one(library: &Path, id: &str) -> (String, String) {
    let report = doctor(library, &["--only", id]);
    let text = |name: &str| report["checks"][0][name].as_str().unwrap().to_owned();
    (text("outcome"), text("evidence"))
}

#[test]
fn an_async_export_is_begun_waited_for_ended_and_called() {
    let sound = built("errands", &[]);
    let report = doctor(
        &sound,
        &["--only", "fds,fork-after-call,call-first-at-once"],
    );
    let calls: Vec<_> = report["calls"].as_array().unwrap().iter().collect();
    assert!(
        calls
            .iter()
            .any(|call| **call == "async errands_ready(u64 1, buffer 4096, buffer 4096)"),
        "{calls:?}"
    );
    assert_eq!(alarms(&report), Vec::<String>::new());
    // Only the future of the async export has the fault.
    let leaky = built("errands", &["--features", "leaky"]);
    let (outcome, evidence) = one(&leaky, "fds-cloexec");
    assert_eq!(outcome, "fail", "{evidence}");
}

/// The porter has async exports that wait for gates, which nobody opens here.
#[test]
fn an_op_that_is_never_done_is_given_up_and_is_no_alarm() {
    let porter = built("porter", &[]);
    let report = doctor(&porter, &["--only", "fds,call-first-at-once,exit-code"]);
    assert_eq!(alarms(&report), Vec::<String>::new());
    // The same file, in which the name of that export is another: one that is given up after 60 ms.
    let bytes = std::fs::read(&porter).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let changed = dir.path().join("libporter.so");
    std::fs::write(&changed, only_hurried(bytes)).unwrap();
    let report = doctor(&changed, &["--only", "fds,call-first-at-once,exit-code"]);
    let calls = report["calls"].to_string();
    assert!(calls.contains("async porter_hurried("), "{calls}");
    assert_eq!(alarms(&report), Vec::<String>::new());
}

/// Takes the description's other async exports away: their records become those of another owner.
fn only_hurried(mut bytes: Vec<u8>) -> Vec<u8> {
    use object::{Object, ObjectSection};
    let range = {
        let object = object::File::parse(&*bytes).unwrap();
        let section = object.section_by_name(".note.rt0").unwrap();
        section.file_range().unwrap()
    };
    let word = |bytes: &[u8], at: usize| {
        u32::from_ne_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
    };
    let (mut at, end) = (range.0 as usize, (range.0 + range.1) as usize);
    while at < end {
        let length = word(&bytes, at + 4);
        let record = &bytes[at + 16..at + 16 + length];
        let has = |text: &str| {
            record
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        };
        // 2 is the kind of an export.
        if word(&bytes, at + 8) == 2 && !has("porter_hurried") {
            bytes[at + 12..at + 15].copy_from_slice(b"xyz");
        }
        at += 16 + length.next_multiple_of(4);
    }
    bytes
}

/// What takes long is left to the soak.
const CHEAP: &str = "elf,fds,shutdown,load-loader-lock,load-signals,load-threads,load-output,call,exit-code,\
    fork-after-call,unload-during-boot";

#[test]
fn the_doctor_has_nothing_against_the_example_hello() {
    let report = doctor(&built("hello", &[]), &["--only", CHEAP]);
    assert_eq!(alarms(&report), Vec::<String>::new());
}

#[test]
fn the_doctor_has_nothing_against_the_example_search() {
    let library = built("search", &[]);
    let deep = "call-small-stack=without optimisations its parser of queries needs 64 KiB of stack";
    let report = doctor(&library, &["--only", CHEAP, "--exclude", deep]);
    assert_eq!(alarms(&report), Vec::<String>::new());
}

/// It is built by cargo alone.
fn nolibc() -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(workspace())
        .args([
            "build",
            "--quiet",
            "--package",
            "nolibc",
            "--profile",
            "alone",
        ])
        .env("CARGO_TARGET_DIR", target());
    good(&cargo.output().unwrap());
    target().join("alone/libnolibc.so")
}

const CRC: &str = "nolibc_crc32(text \"123456789\", buffer 4) -> i32 = 0";

#[test]
fn the_doctor_has_nothing_against_the_example_nolibc() {
    let report = doctor(&nolibc(), &["--call", CRC, "--only", CHEAP]);
    assert_eq!(alarms(&report), Vec::<String>::new());
}

#[test]
#[ignore = "takes minutes; `cargo xtask soak` runs it"]
fn all_checks_have_nothing_against_the_examples() {
    for package in ["hello", "search"] {
        let report = doctor(&built(package, &["--release"]), &[]);
        assert_eq!(alarms(&report), Vec::<String>::new(), "{package}");
    }
    let report = doctor(&nolibc(), &["--call", CRC]);
    assert_eq!(alarms(&report), Vec::<String>::new(), "nolibc");
}
