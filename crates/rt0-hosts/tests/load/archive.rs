//! Archives of `cargo rt0 build --static`, linked into programs and into another library.

use std::path::PathBuf;

use rt0_hosts::cc;
use rt0_hosts::fixture::{Fixture, linked_by, with_archive};
use rt0_hosts::require::skipped;
use rt0_hosts::steps::{Said, load, with_archive_inside};
use rt0_hosts::watchdog::Host;

/// The flags in `NAME-static.pc`: from pkg-config, or from the file itself if pkg-config is not installed.
fn flags(library: &Fixture) -> Vec<String> {
    let file = library.dir.join(format!("{}-static.pc", library.name));
    let text = std::fs::read_to_string(&file).expect("cargo rt0 build writes it");
    let line = |key: &str| {
        let found = text.lines().find_map(|line| line.strip_prefix(key));
        found.unwrap_or_default().to_owned()
    };
    let known = std::process::Command::new("pkg-config")
        .args(["--static", "--cflags", "--libs"])
        .arg(&file)
        .output();
    let flags = match known {
        Ok(output) if output.status.success() => {
            String::from_utf8(output.stdout).expect("paths of ours")
        }
        _ => [line("Cflags: "), line("Libs: ")]
            .join(" ")
            .replace(['"'], "")
            .replace("${libdir}", "${pcfiledir}")
            .replace("${includedir}", "${pcfiledir}")
            .replace("${pcfiledir}", &library.dir.to_string_lossy()),
    };
    flags.split_whitespace().map(str::to_owned).collect()
}

fn host(name: &str, how: &[&str], libraries: &[&Fixture]) -> PathBuf {
    let flags: Vec<_> = libraries
        .iter()
        .flat_map(|library| flags(library))
        .collect();
    let args: Vec<_> = how
        .iter()
        .copied()
        .chain(flags.iter().map(String::as_str))
        .collect();
    cc::c(name, &args)
}

const WAYS: [(&str, &[&str]); 3] = [
    ("PIE", &["-fPIE", "-pie", "-Wl,--gc-sections"]),
    ("not PIE", &["-fno-pie", "-no-pie", "-Wl,--gc-sections"]),
    ("with its symbols to see", &["-rdynamic"]),
];

#[test]
fn archive_in_a_program() {
    let probe = with_archive("probe");
    for (name, how) in WAYS {
        let stdout = Host::compiled(host("load/archive.c", how, &[&probe]))
            .run()
            .ok();
        assert_eq!(stdout, "done = 1\n", "{name}");
    }
}

/// With only the flags of its `.pc`, even if nothing is shared.
#[test]
fn archive_in_a_program_without_shared_libraries() {
    let probe = with_archive("probe");
    let is_cross = std::env::var_os("RT0_HOSTS_CC").is_some();
    for how in ["-static", "-static-pie"] {
        if is_cross && how == "-static-pie" {
            // Not every C library has the start files of such a program.
            continue;
        }
        let stdout = Host::compiled(host("load/archive.c", &[how], &[&probe]))
            .run()
            .ok();
        assert_eq!(stdout, "done = 1\n", "{how}");
    }
}

/// In a program that has only those parts of the C library that it refers to.
#[test]
fn archive_in_a_static_program() {
    let host = with_archive_inside(&with_archive("probe"), &["-static", "-lm"]);
    let steps = "call probe_ping many 16 probe_at_thread_end call probe_thread_ends \
                 fork call probe_generation join call1 probe_shutdown 20000 call probe_generation";
    let said = Said::of(&Host::compiled(host).args(steps.split_whitespace()).run());
    assert_eq!(said.one("probe_thread_ends"), "16");
    assert_eq!(said.one("child probe_generation"), "2");
    assert_eq!(said.one("probe_generation"), "2");
}

#[test]
fn archive_in_another_library() {
    let how = ["-shared", "-fPIC", "-DINSIDE", "-Wl,--gc-sections"];
    let inside = host("load/archive.c", &how, &[&with_archive("probe")]);
    let said = Said::of(&load(inside.to_str().expect("a path of ours"), "call run_archive").run());
    assert_eq!((said.one("run_archive"), said.one("done")), ("0", "1"));
}

#[test]
fn archives_side_by_side() {
    let (probe, calm, pair) = (
        with_archive("probe"),
        with_archive("calm"),
        with_archive("pair"),
    );
    for how in [
        &["-DTWO", "-pie", "-fPIE"][..],
        &["-DTWO", "-no-pie", "-fno-pie", "-Wl,--gc-sections"],
    ] {
        let stdout = Host::compiled(host("load/archive.c", how, &[&probe, &calm, &pair]))
            .run()
            .ok();
        assert_eq!(stdout, "done = 1\n");
    }
}

/// Nothing in the host refers to the library: the flags of its `.pc` link it in.
#[test]
fn archive_without_exports() {
    let silent = with_archive("silent");
    for (name, how) in WAYS {
        let out = rt0_hosts::scratch().join(format!("idle-{}", std::process::id()));
        let _ = std::fs::remove_file(&out);
        let ran = Host::compiled(host("load/idle.c", how, &[&silent]))
            .env("SILENT_OUT", &out)
            .run();
        assert_eq!(ran.ok(), "", "{name}");
        let text = std::fs::read_to_string(&out).expect("the host waited for it");
        let _ = std::fs::remove_file(&out);
        assert!(text.starts_with("thread silent-boot\n"), "{name}: {text}");
    }
}

/// Linkers treat undefined symbols differently: neither of these libraries has a main, and the smaller one
/// has no exit.
#[test]
fn whichever_linker_makes_it() {
    for linker in ["bfd", "gold", "lld", "mold"] {
        let option = format!("-fuse-ld={linker}");
        let known = std::process::Command::new("cc")
            .args([&option, "-Wl,--version"])
            .output();
        if !known.is_ok_and(|output| output.status.success()) {
            skipped(
                "whichever_linker_makes_it",
                &format!("cc knows no {linker}"),
            );
            continue;
        }
        let calm = linked_by(linker, "calm");
        let said =
            Said::of(&load(&calm.library(), "call calm_open call1 calm_shutdown 20000").run());
        assert_eq!(
            (said.one("calm_open"), said.one("calm_shutdown")),
            ("1", "0"),
            "{linker}"
        );

        let how = ["-shared", "-fPIC", "-DINSIDE", "-DTWO", &option];
        let inside = host(
            "load/archive.c",
            &how,
            &[&with_archive("probe"), &calm, &with_archive("pair")],
        );
        let said =
            Said::of(&load(inside.to_str().expect("a path of ours"), "call run_archive").run());
        assert_eq!(
            (said.one("run_archive"), said.one("done")),
            ("0", "1"),
            "{linker}"
        );
    }
}
