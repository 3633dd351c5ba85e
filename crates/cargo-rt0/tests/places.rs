//! `cargo rt0 new` and `build` when something is in the way, and what they leave behind then.
//!
//! On Linux only: it looks for `libNAME.so`, and runs scripts in the place of programs.
#![cfg(target_os = "linux")]

mod common;

use common::{Probe, bad, good, rt0, script};
use snapbox::{assert_data_eq, str};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The files of a folder with their contents.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(dir).unwrap().map(Result::unwrap);
    let read = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().unwrap();
        (name, fs::read(entry.path()).unwrap())
    };
    entries.map(read).collect()
}

#[test]
fn two_folders_give_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let long = format!("it's \"odd\" $HOME #1 größe {}", "x".repeat(200));
    let plain = Probe::new(&dir.path().join("plain"), "probe");
    let odd = Probe::new(&dir.path().join(long), "probe");
    for args in [&["--static"][..], &["--static", "--profile", "fat"]] {
        good(&plain.build(args));
        good(&odd.build(args));
        let (plain, odd) = (files(&plain.out("")), files(&odd.out("")));
        assert!(plain.keys().eq(odd.keys()));
        for (name, bytes) in plain {
            // These contain their own folder's path if it needs quotes.
            if !name.ends_with(".pc") {
                assert!(bytes == odd[&name], "{name} differs, {args:?}");
            }
        }
    }
}

#[test]
fn what_stops_a_build_leaves_nothing_half_written() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(&dir.path().join("probe"), "probe");

    // A file instead of a folder, and no compiler.
    let text = bad(&probe.build(&["--out", "Cargo.toml"]), 2);
    let text = text.replace(dir.path().to_str().unwrap(), "[DIR]");
    assert_data_eq!(
        text,
        str![[r#"
error: [DIR]/probe/Cargo.toml is not a folder: choose a folder with --out

"#]]
    );
    let flags = [("RUSTFLAGS", "-C linker=no-such-cc")];
    let text = bad(&probe.build_with(&[], &flags), 1);
    assert_data_eq!(
        text,
        str![[r#"
error: cannot find no-such-cc, the linker: install it, or set another one as `linker` in [target.[..]] of .cargo/config.toml

"#]]
    );

    // LLVM's linker can't write there; other linkers can.
    let percent = probe.dir.join("100%");
    let elsewhere = [("CARGO_TARGET_DIR", percent.to_str().unwrap())];
    let output = probe.build_with(&[], &elsewhere);
    if !output.status.success() {
        let text = common::both(&output);
        assert!(text.contains("set CARGO_TARGET_DIR"), "{text}");
    }
    good(&probe.build(&["--static"]));
    let before = files(&probe.out(""));

    // A limit on a file's blocks: enough for the header, not for the library.
    let command = format!(
        "ulimit -f 16; exec {} rt0 build -q --offline --out out",
        env!("CARGO_BIN_EXE_cargo-rt0")
    );
    let mut shell = Command::new("sh");
    shell.env("CARGO_TARGET_DIR", probe.dir.join("target"));
    shell.env_remove("LD_LIBRARY_PATH");
    let output = shell
        .current_dir(&probe.dir)
        .args(["-c", &command])
        .output();
    assert!(!output.unwrap().status.success());
    let now = files(&probe.out(""));
    assert!(
        before
            .iter()
            .all(|(name, bytes)| now.get(name) == Some(bytes))
    );

    // The next build removes what a killed build leaves.
    fs::write(probe.out(".rt0-killed.part"), "half").unwrap();
    good(&probe.build(&["--static"]));
    assert!(files(&probe.out("")) == before);
}

#[test]
fn two_builds_at_once_both_succeed() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(&dir.path().join("probe"), "probe");
    let start = || {
        let mut command = rt0();
        command.env("CARGO_TARGET_DIR", probe.dir.join("target"));
        command.args(["build", "-q", "--offline", "--static", "--out", "out"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.current_dir(&probe.dir).spawn().unwrap()
    };
    let both = [start(), start()];
    for child in both {
        good(&child.wait_with_output().unwrap());
    }
    assert_eq!(files(&probe.out("")).len(), 5);
}

#[test]
fn a_linker_in_the_flags_and_a_wrapper_still_run() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(&dir.path().join("probe"), "probe");
    let log = dir.path().join("log");
    for (name, run) in [("my-cc", "cc \"$@\""), ("my-cache", "\"$@\"")] {
        let text = format!(
            "#!/bin/sh\necho {name} >> '{}'\nexec {run}\n",
            log.display()
        );
        script(&dir.path().join(name), &text);
    }
    let flags = format!("-C linker={}", dir.path().join("my-cc").display());
    let cache = dir.path().join("my-cache");
    let variables = [
        ("RUSTFLAGS", flags.as_str()),
        ("RUSTC_WRAPPER", cache.to_str().unwrap()),
    ];
    good(&probe.build_with(&[], &variables));
    let ran = fs::read_to_string(log).unwrap();
    assert!(ran.contains("my-cc") && ran.contains("my-cache"), "{ran}");
}

#[test]
fn another_linker_in_the_flags_links_again() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(&dir.path().join("probe"), "probe");
    good(&probe.build(&[]));
    for (name, in_variable) in [("one", false), ("other", true)] {
        let [linker, log] = [name, "log"].map(|file| dir.path().join(file));
        let text = format!(
            "#!/bin/sh\ncase \"$*\" in *-shared*) echo {name} > '{}';; esac\nexec cc \"$@\"\n",
            log.display()
        );
        script(&linker, &text);
        let flag = format!("-Clinker={}", linker.display());
        let (args, variables) = match in_variable {
            true => (vec![], vec![("RUSTFLAGS", flag.as_str())]),
            false => (vec!["--", &flag], vec![]),
        };
        good(&probe.build_with(&args, &variables));
        let ran = fs::read_to_string(log);
        assert!(ran.is_ok_and(|ran| ran.trim() == name), "{name}");
    }
}

#[test]
fn a_project_that_cannot_be_written_is_not_begun() {
    let dir = tempfile::tempdir().unwrap();
    let command = format!(
        "ulimit -f 0; exec {} rt0 new greeter",
        env!("CARGO_BIN_EXE_cargo-rt0")
    );
    let mut shell = Command::new("sh");
    let output = shell
        .current_dir(dir.path())
        .args(["-c", &command])
        .output();
    assert!(!output.unwrap().status.success());
    assert!(!dir.path().join("greeter").exists());
}

#[test]
fn a_killed_build_leaves_nothing_under_the_final_names() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(&dir.path().join("probe"), "probe");
    let wrapper = dir.path().join("wrapper");
    for kill in ["kill -INT -$TOOL", "kill -TERM $TOOL", "kill -KILL $TOOL"] {
        // The wrapper kills the tool while cargo compiles the library.
        let text = format!(
            "#!/bin/sh\ncase \"$*\" in *\"--crate-name probe \"*) {kill};; esac\nexec \"$@\"\n"
        );
        script(&wrapper, &text);
        // Whoever runs the tests in the background may have SIGINT ignored.
        let command = format!(
            "TOOL=$$; export TOOL; exec env --default-signal=INT {} rt0 build -q --offline --out out",
            env!("CARGO_BIN_EXE_cargo-rt0")
        );
        let mut shell = Command::new("sh");
        std::os::unix::process::CommandExt::process_group(&mut shell, 0);
        shell.env("CARGO_TARGET_DIR", probe.dir.join("target"));
        shell
            .env_remove("LD_LIBRARY_PATH")
            .env("RUSTC_WRAPPER", &wrapper);
        let output = shell
            .current_dir(&probe.dir)
            .args(["-c", &command])
            .output();
        let status = output.unwrap().status;
        let signal = std::os::unix::process::ExitStatusExt::signal(&status);
        assert!(signal.is_some(), "{kill}: {status}");
        let left = fs::read_dir(probe.out("")).map_or(0, Iterator::count);
        assert_eq!(left, 0, "{kill}");
        good(&probe.build(&[]));
        assert_eq!(files(&probe.out("")).len(), 3);
        fs::remove_dir_all(probe.out("")).unwrap();
        fs::remove_dir_all(probe.dir.join("target")).unwrap();
    }
}

#[test]
fn what_a_killed_new_has_left_is_removed() {
    let dir = tempfile::tempdir().unwrap();
    for (place, project) in [("", "greeter"), ("there", "there")] {
        let left = dir.path().join(place).join(".rt0-new-killed");
        common::write(&left.join("Cargo.toml"), "half");
        let mut command = rt0();
        command
            .current_dir(dir.path())
            .args(["new", "greeter", "--path", project]);
        good(&command.output().unwrap());
        assert!(!left.exists());
        assert!(dir.path().join(project).join("Cargo.toml").is_file());
    }
}

#[test]
fn without_a_c_compiler_one_sentence_says_what_to_install() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(&dir.path().join("probe"), "probe");
    let cargo = Path::new(env!("CARGO"));
    let rustc = cargo.with_file_name("rustc");
    let bin = dir.path().join("bin");
    fs::create_dir(&bin).unwrap();
    let variables = [
        ("PATH", bin.to_str().unwrap()),
        ("CARGO", cargo.to_str().unwrap()),
        ("RUSTC", rustc.to_str().unwrap()),
    ];
    let text = bad(&probe.build_with(&[], &variables), 1);
    assert_data_eq!(
        text,
        str![[r#"
error: cannot find cc, the linker: install a C compiler (Debian and Ubuntu: `apt install gcc libc6-dev`; Fedora: `dnf install gcc`; Alpine: `apk add gcc musl-dev`)

"#]]
    );
}

#[test]
fn a_full_disk_is_told_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(&dir.path().join("probe"), "probe");
    fs::create_dir(probe.out("")).unwrap();
    let command = format!(
        "mount -t tmpfs -o size=64k none out || exit 77; {} rt0 build -q --offline --out out; ls -A out",
        env!("CARGO_BIN_EXE_cargo-rt0")
    );
    let mut shell = Command::new("unshare");
    shell.env("CARGO_TARGET_DIR", probe.dir.join("target"));
    shell.env_remove("LD_LIBRARY_PATH");
    shell.current_dir(&probe.dir);
    let output = shell.args(["-m", "sh", "-c", &command]).output();
    let Some(output) = output.ok().filter(|output| output.status.success()) else {
        common::skipped("no file system can be mounted here");
        return;
    };
    let text = common::both(&output);
    assert!(
        text.contains("cannot write") && text.contains("No space left"),
        "{text}"
    );
    assert!(output.stdout.is_empty(), "{text}");
}

#[test]
fn a_target_directory_in_a_configuration_file_is_used() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(&dir.path().join("probe"), "probe");
    for (key, folder) in [("target-dir", "there"), ("build-dir", "between")] {
        let folder = dir.path().join(folder);
        let text = format!("[build]\n{key} = '{}'\n", folder.display());
        common::write(&probe.dir.join(".cargo/config.toml"), &text);
        let mut command = rt0();
        command.env_remove("CARGO_TARGET_DIR");
        command.current_dir(&probe.dir);
        good(
            &command
                .args(["build", "-q", "--offline", "--static", "--out", "out"])
                .output()
                .unwrap(),
        );
        assert_eq!(files(&probe.out("")).len(), 5, "{key}");
        fs::remove_dir_all(probe.out("")).unwrap();
    }
    assert!(dir.path().join("there").is_dir());
}

#[test]
fn folders_that_are_read_only_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(&dir.path().join("probe"), "probe");
    let locked = dir.path().join("locked");
    fs::create_dir(&locked).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o555);
    fs::set_permissions(&locked, mode).unwrap();
    let name = locked.to_str().unwrap();
    // Root may write everywhere, unless it drops that right.
    let run = |args: &[&str], target: &Path| {
        let mut command = Command::new("setpriv");
        command.args(["--bounding-set=-dac_override", "--inh-caps=-dac_override"]);
        command
            .arg(env!("CARGO_BIN_EXE_cargo-rt0"))
            .arg("rt0")
            .args(args);
        command.env_remove("LD_LIBRARY_PATH");
        command.env("CARGO_TARGET_DIR", target);
        command.current_dir(&probe.dir).output()
    };
    let target = probe.dir.join("target");
    if fs::write(locked.join("x"), "").is_ok() {
        fs::remove_file(locked.join("x")).unwrap();
        if !run(&["--version"], &target).is_ok_and(|output| output.status.success()) {
            common::skipped("root cannot give its rights up here");
            return;
        }
    }
    let made = locked.join("made");
    let build = ["build", "-q", "--offline", "--out"];
    for (args, target) in [
        (
            &["new", "made", "--path", made.to_str().unwrap()][..],
            &*target,
        ),
        (&[&build[..], &[name]].concat()[..], &target),
        (&[&build[..], &["out"]].concat()[..], &made),
    ] {
        let text = bad(&run(args, target).unwrap(), 1);
        assert!(
            text.contains(name) && text.contains("ermission denied"),
            "{text}"
        );
    }
}
