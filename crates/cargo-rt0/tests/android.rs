//! Files for Android: large pages. `cargo xtask cross` builds a whole library with `cargo rt0 build`.
//!
//! On Linux only: this machine's compiler makes the ELF files.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::path::Path;

use common::{elf, faulty_library, rt0};
use serde_json::Value;

/// The note that the NDK's start files write into each file: the owner, the API level.
const NOTE: &str = "\
.section .note.android.ident,\"a\",@note
.balign 4
.long 8, 4, 1
.asciz \"Android\"
.long 24
.section .note.GNU-stack,\"\",@progbits
";

/// What `inspect` says of a library with these arguments, with or without that note: its exit code and its report.
fn inspect(dir: &Path, android: bool, args: &[&str]) -> (Option<i32>, Value) {
    let note = dir.join("note.s");
    fs::write(&note, if android { NOTE } else { "" }).unwrap();
    let library = faulty_library(dir, &[&[note.to_str().unwrap()], args].concat());
    let mut inspect = rt0();
    inspect.args(["inspect", "--json", "--require", "pages"]);
    let output = inspect.arg(library).output().unwrap();
    (
        output.status.code(),
        serde_json::from_slice(&output.stdout).unwrap(),
    )
}

fn pages(report: &Value) -> &Value {
    let protections = report["protections"].as_array().unwrap();
    protections
        .iter()
        .find(|protection| protection["name"] == "pages")
        .unwrap()
}

fn says_16_kib(report: &Value) -> bool {
    report["findings"].to_string().contains("16 KiB")
}

#[test]
#[cfg(target_pointer_width = "64")]
fn only_a_file_for_android_must_fit_large_pages() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let (small, large) = ("-Wl,-z,max-page-size=4096", "-Wl,-z,max-page-size=16384");

    let (code, report) = inspect(dir, true, &[small]);
    assert_eq!(code, Some(1));
    assert_eq!(report["link"]["aligned"], 4096);
    assert_eq!(
        report["link"]["oldest_system"],
        "Android with the API level 24"
    );
    assert_eq!(pages(&report)["state"], "missing");
    assert!(says_16_kib(&report), "{report}");

    let (_, report) = inspect(dir, true, &[large]);
    assert_eq!(pages(&report)["state"], "present");
    assert!(!says_16_kib(&report), "{report}");

    // Elsewhere it is told, and no fault.
    let (_, report) = inspect(dir, false, &[small]);
    assert_eq!(pages(&report)["state"], "not_needed");
    let says = pages(&report)["says"].as_str().unwrap();
    assert!(says.contains("less than 16 KiB"), "{says}");
    assert!(!says_16_kib(&report), "{report}");
    assert_eq!(report["link"]["oldest_system"], Value::Null);
}

/// The linker's stand-in, as rustc calls it for Android.
#[test]
fn the_build_asks_for_large_pages() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let notes = elf::notes(1, false);
    let arch = object::Architecture::X86_64;
    let object = elf::object(arch, object::Endianness::Little, &notes);
    fs::write(dir.join("far.o"), object).unwrap();
    let compiler = dir.join("cc");
    common::script(&compiler, "#!/bin/sh\necho \"$@\" >args\n");
    let asked = |target: &str, more: &[&str]| {
        fs::write(dir.join("list"), "{ global: far_count; local: *; };").unwrap();
        let told = [("soname", "libfar.so".into()), ("target", target.into())];
        let mut tool = common::as_linker(dir, &told);
        tool.args([
            "-Wl,--version-script=list",
            "far.o",
            "-shared",
            "-o",
            "libfar.so",
        ])
        .args(more);
        common::good(&tool.output().unwrap());
        fs::read_to_string(dir.join("args")).unwrap()
    };
    for target in ["aarch64-linux-android", "armv7-linux-androideabi"] {
        assert!(asked(target, &[]).contains("-Wl,-z,max-page-size=16384"));
    }
    assert!(!asked("aarch64-unknown-linux-gnu", &[]).contains("max-page-size"));
    // An author who knows better is obeyed.
    let own = asked("aarch64-linux-android", &["-Wl,-z,max-page-size=65536"]);
    assert!(!own.contains("16384"), "{own}");
}
