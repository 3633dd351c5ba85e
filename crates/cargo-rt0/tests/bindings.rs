//! `cargo rt0 bindings`: what it writes where, and what it refuses. `src/bindings` has the texts.

mod common;

use std::fs;
use std::path::Path;
use std::process::Output;

use common::{bad, elf, good, rt0};
use object::{Architecture, Endianness};

fn bindings(dir: &Path, words: &[&str]) -> Output {
    let mut command = rt0();
    command.current_dir(dir).arg("bindings").args(words);
    command.output().unwrap()
}

/// A folder with an object file that describes itself.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let object = elf::object(
        Architecture::Aarch64,
        Endianness::Little,
        &elf::notes(1, false),
    );
    fs::write(dir.path().join("far.o"), object).unwrap();
    dir
}

#[test]
fn each_language_has_a_folder_whatever_the_processor() {
    let dir = folder();
    good(&bindings(dir.path(), &["far.o", "--lang", "python"]));
    let package = dir.path().join("bindings/python");
    assert!(package.join("pyproject.toml").is_file());
    let text = fs::read_to_string(package.join("far/__init__.py")).unwrap();
    assert!(
        text.contains("def count(word: str) -> int:\n    \"\"\"Zählt.\"\"\"\n"),
        "{text}"
    );
    let words = [
        "far.o",
        "--lang",
        "python",
        "--out",
        "here",
        "--package",
        "shop",
    ];
    good(&bindings(dir.path(), &words));
    assert!(dir.path().join("here/python/shop/__init__.py").is_file());
}

#[test]
fn the_model_is_printed_as_json() {
    let dir = folder();
    let text = good(&bindings(dir.path(), &["far.o", "--json"]));
    let model: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(model["format"], 1);
    assert_eq!(model["functions"][0]["symbol"], "far_count");
    assert_eq!(model["functions"][0]["params"][0]["type"]["kind"], "text");
    assert!(!dir.path().join("bindings").exists());
}

#[test]
fn what_can_not_be_a_package_is_refused() {
    let dir = folder();
    let words = ["far.o", "--lang", "python", "--package"];
    for name in ["a-b", "../a", "class", ""] {
        let text = bad(&bindings(dir.path(), &[&words[..], &[name]].concat()), 2);
        assert!(
            text.contains("--package") || text.contains("small letters"),
            "{text}"
        );
    }
    for (lang, name) in [("python", "json"), ("typescript", "path"), ("go", "time")] {
        let words = ["far.o", "--lang", lang, "--package", name];
        let text = bad(&bindings(dir.path(), &words), 2);
        assert!(text.contains("has itself"), "{text}");
    }
    // The second language refuses it: nothing of the first is written.
    let words = ["far.o", "--lang", "python,java", "--package", "new"];
    let text = bad(&bindings(dir.path(), &words), 2);
    assert!(text.contains("a word of Java's"), "{text}");
    let text = bad(
        &bindings(dir.path(), &["far.o", "--lang", "python", "--bundle"]),
        2,
    );
    assert!(
        text.contains("only a shared library can be loaded"),
        "{text}"
    );
    bad(
        &bindings(dir.path(), &["nowhere.so", "--lang", "python"]),
        2,
    );
    assert!(!dir.path().join("bindings").exists());
}

/// A library inside a package comes before all others, so an old one must not stay there unseen.
#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn a_library_that_stays_in_a_package_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let object = elf::object(
        Architecture::X86_64,
        Endianness::Little,
        &elf::notes(1, false),
    );
    fs::write(dir.path().join("far.o"), object).unwrap();
    let mut linker = std::process::Command::new("cc");
    linker.current_dir(dir.path());
    let linked = linker.args(["-shared", "-nostdlib", "-o", "libfar.so", "far.o"]);
    assert!(linked.status().unwrap().success());
    let said = |words: &[&str]| {
        let words = [&["libfar.so", "--lang", "python"], words].concat();
        let output = bindings(dir.path(), &words);
        good(&output);
        String::from_utf8(output.stderr).unwrap()
    };
    let path = "bindings/python/far/libfar.so was there before";
    assert!(!said(&[]).contains(path));
    assert!(!said(&["--bundle"]).contains(path));
    assert!(said(&[]).contains(path));
}
