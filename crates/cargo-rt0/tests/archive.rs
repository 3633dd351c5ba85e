//! `cargo rt0 build --static`: archives in programs and in other shared libraries.
//!
//! On Linux only: it links ELF archives, and reads the programs with binutils. Apple's archives are tested beside
//! `src/build/apple`, and by `cargo xtask cross`.
#![cfg(target_os = "linux")]

mod common;

use common::{Probe, both, good, run};
use std::path::Path;
use std::process::Command;

const HOST: &str = r#"
#include <stdio.h>
#include <string.h>
#include "one.h"
#include "two.h"
/* The host's own symbols of the same names as some inside: they must stay the host's. */
int leaked_by_a_dependency(void) { return 1; }
void *__rust_alloc(void) { return 0; }
void rust_eh_personality(void) {}
int show(void)
{
    char *text = NULL;
    one_text("x", 1, &text, NULL, NULL);
    printf("%s %d %d\n", text, (int)one_started(), (int)one_in_archive());
    one_text("y", 1, &text, NULL, NULL);
    two_text("z", 1, &text, NULL, NULL);
    printf("%s %d %d\n", text, (int)two_started(), (int)two_in_archive());
    return leaked_by_a_dependency();
}
#ifndef INSIDE
int main(void) { return show() - 1; }
#endif
"#;

const LOADER: &str = "int show(void); int main(void) { return show() - 1; }\n";

const SHOWN: &str = "one:x:5 1 1\ntwo:z:5 1 1\n";

fn two_probes(dir: &Path, args: &[&str], variables: &[(&str, &str)]) -> (Probe, Probe) {
    let one = Probe::new(&dir.join("one"), "one");
    let two = Probe::new(&dir.join("two"), "two");
    for probe in [&one, &two] {
        good(&probe.build_with(args, variables));
    }
    common::write(&dir.join("host.c"), HOST);
    common::write(&dir.join("loader.c"), LOADER);
    (one, two)
}

/// The flags of `NAME-static.pc`, as a shell would split them.
fn flags(probe: &Probe) -> Vec<String> {
    let mut command = Command::new("pkg-config");
    command.env("PKG_CONFIG_PATH", probe.out(""));
    let output = command
        .args(["--cflags", "--libs", &format!("{}-static", probe.name)])
        .output();
    let text = good(&output.unwrap());
    text.split_whitespace().map(str::to_owned).collect()
}

fn cc(dir: &Path, args: &[&str], flags: &[String]) {
    let mut command = Command::new("cc");
    let output = command
        .current_dir(dir)
        .args(args)
        .args(flags)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", both(&output));
}

fn check(args: &[&str], variables: &[(&str, &str)]) {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let (one, two) = two_probes(dir, args, variables);
    let again = common::rt0()
        .arg("header")
        .arg(one.out("libone.a"))
        .output()
        .unwrap();
    assert_eq!(
        good(&again),
        std::fs::read_to_string(one.out("one.h")).unwrap()
    );
    let flags = [flags(&one), flags(&two)].concat();
    let shown = |program: &str| run(dir.join(program).to_str().unwrap(), &[]);

    for (program, how) in [
        ("pie", &["-pie", "-fPIE"][..]),
        ("no-pie", &["-no-pie", "-fno-pie"]),
        ("collected", &["-Wl,--gc-sections", "-ffunction-sections"]),
    ] {
        cc(dir, &[&["host.c", "-o", program], how].concat(), &flags);
        assert_eq!(shown(program), SHOWN, "{program} {args:?}");
    }

    // Inside another shared library, which does not export the archive's own symbols.
    let inside = [
        "-shared",
        "-fPIC",
        "-DINSIDE",
        "host.c",
        "-o",
        "libinside.so",
        "-Wl,--gc-sections",
    ];
    cc(dir, &inside, &flags);
    let rpath = format!("-Wl,-rpath,{}", dir.display());
    cc(
        dir,
        &["loader.c", "-o", "loader", "-L.", "-linside", &rpath],
        &[],
    );
    assert_eq!(shown("loader"), SHOWN, "{args:?}");

    // A host that calls nothing: the constructor must be there too.
    common::write(&dir.join("idle.c"), "int main(void) { return 0; }\n");
    cc(dir, &["idle.c", "-o", "idle", "-Wl,--gc-sections"], &flags);
    let names = run("nm", &[dir.join("idle").to_str().unwrap()]);
    assert!(names.contains("one_state") && names.contains("two_state"));
    assert!(
        names
            .lines()
            .filter(|line| line.contains("constructor"))
            .count()
            >= 2,
        "{names}"
    );
}

/// std comes with debug information, which most of an archive would be.
#[test]
fn an_archive_has_debug_information_if_the_profile_makes_some() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(dir.path(), "probe");
    let size = |args: &[&str], variables: &[(&str, &str)]| {
        good(&probe.build_with(&[&["--static"], args].concat(), variables));
        let archive = probe.out("libprobe.a");
        let names = run("readelf", &["-SW", archive.to_str().unwrap()]);
        let has = names.contains(".debug_");
        (has, std::fs::metadata(archive).unwrap().len())
    };
    let (has, small) = size(&["--release"], &[]);
    assert!(!has);
    assert!(!size(&["--profile", "fat"], &[]).0);
    let (has, large) = size(&["--release", "--archive-debug"], &[]);
    assert!(has && large > 2 * small, "{small} {large}");
    let debug = ("CARGO_PROFILE_RELEASE_DEBUG", "line-tables-only");
    assert!(size(&["--release"], &[debug]).0);
}

#[test]
fn two_debug_archives_live_in_one_host() {
    check(&["--static"], &[]);
}

#[test]
fn two_release_archives_live_in_one_host() {
    check(&["--static", "--release"], &[]);
}

#[test]
fn two_archives_with_link_time_optimisation_live_in_one_host() {
    check(&["--static", "--profile", "thin"], &[]);
    check(&["--static", "--profile", "fat"], &[]);
}

#[test]
#[cfg(all(target_arch = "x86_64", target_env = "gnu"))]
fn another_linker_and_another_objcopy_do_as_well() {
    let dir = tempfile::tempdir().unwrap();
    let script = |name: &str, text: &str| {
        let path = dir.path().join(name);
        common::script(&path, text);
        path.to_str().unwrap().to_owned()
    };
    let root = run("rustc", &["--print", "sysroot"]);
    let lld = format!(
        "{}/lib/rustlib/x86_64-unknown-linux-gnu/bin/gcc-ld",
        root.trim()
    );
    let text = format!("#!/bin/sh\nexec cc -B'{lld}' -fuse-ld=lld \"$@\"\n");
    let linker = script("cc-with-lld", &text);
    // A toolchain without its own objcopy.
    let text =
        "#!/bin/sh\n[ \"$*\" = '--print sysroot' ] && exec echo /nowhere\nexec rustc \"$@\"\n";
    let rustc = script("rustc-without-objcopy", text);
    let variables = [
        (
            "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER",
            linker.as_str(),
        ),
        ("RUSTC", rustc.as_str()),
    ];
    check(&["--static", "--release"], &variables[..1]);
    check(&["--static", "--release"], &variables[1..]);
}
