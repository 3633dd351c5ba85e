//! `cargo rt0 build`, from the command line to programs that run.

mod common;

use common::{Probe, bad, both, good, rt0, run};
use std::collections::BTreeSet;
use std::fs;

const DECLARED: [&str; 11] = [
    "abi_version",
    "free",
    "in_archive",
    "last_error",
    "report",
    "shutdown",
    "start",
    "started",
    "state",
    "text",
    "wait",
];

fn declared(prefix: &str) -> BTreeSet<String> {
    DECLARED
        .iter()
        .map(|name| format!("{prefix}_{name}"))
        .collect()
}

/// What `nm` calls defined and global.
fn defined(probe: &Probe, file: &str, option: &str) -> BTreeSet<String> {
    let path = probe.out(file);
    let text = run(
        "nm",
        &[option, "--defined-only", "-P", path.to_str().unwrap()],
    );
    let lines = text.lines().filter(|line| line.contains(' '));
    lines
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .collect()
}

#[test]
fn every_way_to_link_shows_the_declared_symbols_only() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(&dir.path().join("with space"), "probe");
    for args in [
        &[][..],
        &["--", "-C", "link-arg=-fuse-ld=bfd"],
        &["--release"],
        &["--release", "--", "-C", "strip=symbols"],
        &["--profile", "fat"],
        &["--profile", "fat", "--", "-C", "link-arg=-fuse-ld=bfd"],
        &["--profile", "thin"],
    ] {
        good(&probe.build(args));
        assert_eq!(
            defined(&probe, "libprobe.so", "-D"),
            declared("probe"),
            "{args:?}"
        );
        let lib = probe.out("libprobe.so");
        let report = good(
            &rt0()
                .args(["inspect", "--json"])
                .arg(&lib)
                .output()
                .unwrap(),
        );
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        assert_eq!(report["link"]["soname"], "libprobe.so");
        assert_eq!(report["link"]["pinned"], true);
        assert_eq!(report["link"]["bind_now"], true);
        assert_eq!(report["link"]["tls"], "dynamic");
        assert_eq!(report["std_inside"], true);
        assert_eq!(report["findings"].as_array().unwrap().len(), 0);
    }
}

#[test]
fn plain_cargo_build_in_between_does_no_harm() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(dir.path(), "probe");
    for _ in 0..2 {
        good(&probe.build(&[]));
        let mut cargo = std::process::Command::new(env!("CARGO"));
        cargo
            .current_dir(&probe.dir)
            .args(["build", "--offline", "-q"]);
        good(
            &cargo
                .env("CARGO_TARGET_DIR", probe.dir.join("target"))
                .output()
                .unwrap(),
        );
    }
    good(&probe.build(&["--static"]));
    fs::remove_dir_all(probe.dir.join("target/rt0")).unwrap();
    good(&probe.build(&["--static"]));
    assert!(
        fs::read_to_string(probe.out("probe.pc"))
            .unwrap()
            .contains("-lc")
    );
}

#[test]
fn what_cannot_be_built_is_one_clear_error() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(dir.path(), "probe");
    let text = bad(&probe.build(&["--features", "no-init"]), 1);
    assert!(text.contains("no #[rt0::init]"), "{text}");
    let text = bad(&probe.build(&["-p", "nobody"]), 2);
    assert!(text.contains("no package `nobody`"), "{text}");
    let text = bad(&probe.build(&["--manifest-path", "nowhere/Cargo.toml"]), 2);
    assert!(text.contains("nowhere/Cargo.toml"), "{text}");
    let text = both(&probe.build(&["--profile", "unheard-of"]));
    assert!(text.contains("cargo could not build"), "{text}");
    let lib = probe.dir.join("src/lib.rs");
    fs::write(
        &lib,
        format!("{} fn broken(", fs::read_to_string(&lib).unwrap()),
    )
    .unwrap();
    let output = probe.build(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(both(&output).contains("cargo could not build `probe`"));
}

#[test]
fn a_linker_in_the_configuration_is_the_one_that_runs() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(&dir.path().join("in ner"), "probe");
    let log = dir.path().join("log");
    let linker = dir.path().join("tools/my-linker");
    let text = format!(
        "#!/bin/sh\necho ran >> '{}'\nexec cc \"$@\"\n",
        log.display()
    );
    common::write(&linker, &text);
    fs::set_permissions(&linker, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let config = "[target.'cfg(target_os = \"linux\")']\nlinker = \"tools/my-linker\"\n";
    common::write(&dir.path().join(".cargo/config.toml"), config);
    good(&probe.build(&[]));
    assert_eq!(fs::read_to_string(log).unwrap(), "ran\n");
    assert_eq!(defined(&probe, "libprobe.so", "-D"), declared("probe"));
}

#[test]
fn the_answer_is_json_on_request() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(dir.path(), "probe");
    let built = good(&probe.build(&["--json", "--static"]));
    let built: serde_json::Value = serde_json::from_str(&built).unwrap();
    for key in [
        "library",
        "archive",
        "header",
        "pkg_config",
        "static_pkg_config",
    ] {
        assert!(
            probe.dir.join(built[key].as_str().unwrap()).is_file(),
            "{key}"
        );
    }
    assert_eq!(built["prefix"], "probe");
    assert_eq!(built["symbols"].as_array().unwrap().len(), DECLARED.len());
}
