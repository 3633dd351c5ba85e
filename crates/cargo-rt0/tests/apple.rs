//! Files for Apple's systems: read without being run, and linked where LLVM's linker for them is, which comes with Rust.
//! `cargo xtask cross` builds a whole library, with tokio and std.
//!
//! On Unix only: scripts of the shell stand for Apple's compiler.
#![cfg(unix)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use common::{bad, both, elf, good, macho, rt0, run};
use object::{Architecture, Endianness};
use serde_json::Value;

const BOTH: [Architecture; 2] = [Architecture::Aarch64, Architecture::X86_64];

fn header(path: &Path) -> String {
    good(&rt0().arg("header").arg(path).output().unwrap())
}

fn inspect(path: &Path) -> Value {
    let output = rt0().args(["inspect", "--json"]).arg(path).output();
    let output = output.unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", both(&output)))
}

/// What every test here looks at is said by the same functions on every system.
fn header_of_elf(dir: &Path) -> String {
    let notes = elf::notes(1, false);
    let bytes = elf::object(Architecture::X86_64, Endianness::Little, &notes);
    fs::write(dir.join("elf.o"), bytes).unwrap();
    header(&dir.join("elf.o")).replace("elf.o", "far.o")
}

#[test]
fn objects_and_archives_give_the_header_that_elf_gives() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let wanted = header_of_elf(dir);
    for arch in BOTH {
        let far = dir.join("far.o");
        fs::write(&far, macho::object(arch, &elf::notes(1, false))).unwrap();
        assert_eq!(header(&far), wanted);
        let archive = dir.join("libfar.a");
        let _ = fs::remove_file(&archive);
        let words = [archive.to_str().unwrap(), far.to_str().unwrap()];
        run("ar", &[&["rcS"], &words[..]].concat());
        assert_eq!(header(&archive), wanted);
        let report = inspect(&archive);
        assert_eq!(report["shape"], "archive");
        let visible = report["symbols"]["visible"].as_array().unwrap();
        assert!(
            visible.contains(&"far_count".into()),
            "without C's underscore: {visible:?}"
        );
        assert_eq!(
            report["symbols"]["surplus"],
            serde_json::json!(["far_kept", "leak"])
        );
    }
}

#[test]
fn a_library_has_a_name_versions_and_only_the_declared_symbols() {
    for arch in BOTH {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let Some(library) = macho::dylib(dir, arch, &["far_k*"]) else {
            common::skipped("no ld64.lld beside rustc");
            return;
        };
        assert_eq!(header(&library), header_of_elf(dir));
        let report = inspect(&library);
        let link = &report["link"];
        assert_eq!(report["shape"], "shared-library");
        assert_eq!(link["soname"], "@rpath/libfar.dylib");
        assert_eq!(link["versions"]["current"], "1.2.3");
        assert_eq!(link["versions"]["compatibility"], "1.0");
        assert_eq!(link["oldest_system"], "macOS 11.0");
        let visible = report["symbols"]["visible"].as_array().unwrap();
        let visible: BTreeSet<_> = visible.iter().filter_map(Value::as_str).collect();
        let mut wanted: BTreeSet<_> = macho::functions().into_iter().collect();
        wanted.remove("leak");
        assert_eq!(visible, wanted.iter().map(String::as_str).collect());
        // The record of what is kept is in the file, too.
        assert_eq!(report["findings"], serde_json::json!([]));
        let text = good(&rt0().arg("inspect").arg(&library).output().unwrap());
        for line in [
            "install name   @rpath/libfar.dylib",
            "versions       current 1.2.3, compatibility 1.0",
            "system         macOS 11.0 or later",
            "symbols        10 visible, exactly the declared ones",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}

/// As plain cargo links it.
#[test]
fn what_is_visible_and_not_declared_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let arch = Architecture::Aarch64;
    let Some(linker) = macho::linker() else {
        common::skipped("no ld64.lld beside rustc");
        return;
    };
    fs::write(
        dir.join("far.o"),
        macho::object(arch, &elf::notes(1, false)),
    )
    .unwrap();
    let (arch, _) = macho::names(arch);
    let words = [
        "-dylib",
        "-arch",
        arch,
        "-platform_version",
        "macos",
        "11.0",
        "11.0",
    ];
    let files = ["far.o", "-o", "libfar.dylib"].map(|name| match name.starts_with('-') {
        true => name.to_owned(),
        false => dir.join(name).to_str().unwrap().to_owned(),
    });
    let files: Vec<_> = files.iter().map(String::as_str).collect();
    run(linker.to_str().unwrap(), &[&words[..], &files].concat());
    let report = inspect(&dir.join("libfar.dylib"));
    assert_eq!(
        report["symbols"]["surplus"],
        serde_json::json!(["far_kept", "leak"])
    );
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
}

#[test]
fn an_authors_own_name_stays() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let arch = Architecture::Aarch64;
    let Some(linker) = macho::linker() else {
        common::skipped("no ld64.lld beside rustc");
        return;
    };
    fs::write(
        dir.join("far.o"),
        macho::object(arch, &elf::notes(1, false)),
    )
    .unwrap();
    let own = ["-Wl,-install_name,/usr/local/lib/libfar.1.dylib"];
    good(&macho::link(dir, &linker, arch, &[], &own));
    let report = inspect(&dir.join("libfar.dylib"));
    assert_eq!(report["link"]["soname"], "/usr/local/lib/libfar.1.dylib");
}

#[test]
fn a_package_says_for_which_macs_its_library_is() {
    let dir = tempfile::tempdir().unwrap();
    for (arch, tag) in [
        (Architecture::Aarch64, "macosx_11_0_arm64"),
        (Architecture::X86_64, "macosx_11_0_x86_64"),
    ] {
        let Some(library) = macho::dylib(dir.path(), arch, &[]) else {
            common::skipped("no ld64.lld beside rustc");
            return;
        };
        let mut bindings = rt0();
        bindings
            .current_dir(dir.path())
            .arg("bindings")
            .arg(library);
        good(
            &bindings
                .args(["--lang", "python", "--bundle"])
                .output()
                .unwrap(),
        );
        let package = dir.path().join("bindings/python");
        let text = fs::read_to_string(package.join("build_backend.py")).unwrap();
        assert!(text.contains(&format!("PLATFORM = \"{tag}\"")), "{text}");
        assert!(package.join("far/libfar.dylib").is_file());
    }
}

#[test]
fn the_doctor_says_that_it_can_not_look_at_such_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let far = dir.path().join("far.o");
    fs::write(&far, macho::object(BOTH[0], &elf::notes(1, false))).unwrap();
    let text = bad(&rt0().arg("doctor").arg(&far).output().unwrap(), 2);
    assert!(text.contains("is a Mach-O file (macOS)"), "{text}");
    assert!(text.contains("cargo rt0 inspect"), "{text}");
}

#[test]
fn for_apples_systems_this_machines_compiler_is_not_even_tried() {
    if cfg!(target_vendor = "apple") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let project = common::plain(dir.path(), "far", "far", "");
    for more in [&[][..], &["--static"]] {
        let words = ["--target", "aarch64-apple-darwin", "--offline"];
        let words = [&words[..], more].concat();
        let text = bad(&common::build_shared(&project, &words), 2);
        assert!(
            text.contains("linker` in [target.aarch64-apple-darwin]"),
            "{text}"
        );
    }
}
