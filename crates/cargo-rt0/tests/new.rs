//! `cargo rt0 new`, without building the project. `outputs.rs` checks what it prints.

mod common;

use common::{bad, good, rt0};
use std::fs;

/// (On Windows no folder can have such a name.)
#[cfg(unix)]
#[test]
fn a_project_is_made_once() {
    let dir = tempfile::tempdir().unwrap();
    let rt0_crate = dir.path().join("a \"quoted\" dir");
    common::write(&rt0_crate.join("Cargo.toml"), "[package]\nname = \"rt0\"\n");
    let new = |name: &str| {
        let mut command = rt0();
        command
            .current_dir(dir.path())
            .args(["new", name, "--rt0-path"])
            .arg(&rt0_crate);
        command.output().unwrap()
    };
    assert!(good(&new("my-lib")).contains("a \"quoted\" dir"));
    let project = dir.path().join("my-lib");
    for file in [
        "Cargo.toml",
        "src/lib.rs",
        "hosts/host.c",
        "hosts/host.py",
        "README.md",
        ".gitignore",
    ] {
        let text = fs::read_to_string(project.join(file)).unwrap();
        assert!(
            !text.contains('@'),
            "{file} has a place that was not filled in"
        );
    }
    let manifest: toml::Table = fs::read_to_string(project.join("Cargo.toml"))
        .unwrap()
        .parse()
        .unwrap();
    assert!(manifest.contains_key("workspace"));
    assert_eq!(
        manifest["dependencies"]["rt0"]["path"].as_str(),
        rt0_crate.canonicalize().unwrap().to_str()
    );
    assert!(
        fs::read_to_string(project.join("hosts/host.c"))
            .unwrap()
            .contains("my_lib.h")
    );
    let python = fs::read_to_string(project.join("hosts/host.py")).unwrap();
    assert!(python.contains("import my_lib\n"));
    bad(&new("my-lib"), 2);
    bad(&new("../x"), 2);
    fs::create_dir(dir.path().join("ready")).unwrap();
    good(&new("ready"));
}

#[test]
fn an_rt0_that_is_not_there_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = rt0();
    command
        .current_dir(dir.path())
        .args(["new", "lib1", "--rt0-path", "nowhere"]);
    bad(&command.output().unwrap(), 2);
    assert!(!dir.path().join("lib1").exists());
}

/// (The host tests build and run a project of each.)
#[test]
fn every_template_is_filled_in() {
    let templates = ["c", "pyo3", "napi", "uniffi", "jni"];
    for template in templates {
        let dir = tempfile::tempdir().unwrap();
        let mut command = rt0();
        command
            .current_dir(dir.path())
            .args(["new", "my-lib", "--json", "--template", template]);
        let created: serde_json::Value =
            serde_json::from_str(&good(&command.output().unwrap())).unwrap();
        let files = created["files"].as_array().unwrap();
        for file in ["Cargo.toml", "README.md", "src/lib.rs"] {
            assert!(files.iter().any(|name| name == file), "{template}: {file}");
        }
        for file in files {
            let path = dir.path().join("my-lib").join(file.as_str().unwrap());
            let text = fs::read_to_string(&path).unwrap();
            let places = ["@NAME@", "@CRATE@", "@UPPER@", "@CLASS@", "@RT0"];
            for place in places {
                assert!(!text.contains(place), "{}: {place}", path.display());
            }
        }
    }
}
