//! What `cargo rt0 build` puts into a library so that a load needs no other library for it.
//!
//! On Linux only: what it is about is GCC's unwinder and glibc's libraries.
#![cfg(target_os = "linux")]

mod common;

use common::{build_shared, can_run, good, plain, rt0, run, write};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const LIB: &str = r#"
pub struct Nothing;
#[rt0::init]
fn init() -> Nothing { Nothing }
#[rt0::export(or = -7)]
fn panics() -> i32 { panic!("caught") }
"#;

const HOST: &str = r#"
#include "thrower.h"
int main(void)
{
    for (int i = 0; i < 3; i++)
        if (thrower_panics() != -7)
            return 1;
    return 0;
}
"#;

const PROFILES: &str = "\n[profile.fat]\ninherits = \"release\"\nlto = \"fat\"\ncodegen-units = 1\nstrip = true\n\
                        [profile.thin]\ninherits = \"release\"\nlto = \"thin\"\n";

/// Such a project, with these further lines in its `[package.metadata.rt0]`.
fn thrower(dir: &Path, choice: &str) -> PathBuf {
    let project = plain(dir, "thrower", "thrower", LIB);
    write(&project.join("host.c"), HOST);
    append(&project, &format!("{choice}{PROFILES}"));
    project
}

fn append(project: &Path, text: &str) {
    let manifest = project.join("Cargo.toml");
    let before = fs::read_to_string(&manifest).unwrap();
    fs::write(manifest, before + text).unwrap();
}

/// What `inspect` says of how the library is linked, after a host has called it. It has every protection.
fn built(project: &Path, args: &[&str]) -> Value {
    good(&build_shared(
        project,
        &[&["--quiet", "--offline"], args].concat(),
    ));
    let line = "cc host.c -o host -Iout -Lout -lthrower '-Wl,-rpath,$ORIGIN/out' && ./host";
    let host = &mut Command::new("sh");
    let host = host.current_dir(project).args(["-c", line]).output();
    good(&host.unwrap());
    link(&project.join("out/libthrower.so"))
}

/// A new project, with tokio, whose use of `pow` is what this is about.
fn with_tokio(dir: &Path, lib: &str) -> PathBuf {
    let project = plain(dir, "thrower", "thrower", lib);
    let manifest = project.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("default-features = false, ", "")).unwrap();
    project
}

fn link(library: &Path) -> Value {
    let command = &mut rt0();
    let args = ["inspect", "--json", "--require", "all"];
    let output = command.args(args).arg(library).output();
    let report: Value = serde_json::from_str(&good(&output.unwrap())).unwrap();
    report["link"].clone()
}

/// The libraries that are needed besides the C library.
fn others(link: &Value) -> BTreeSet<&str> {
    let needed = link["needed"].as_array().unwrap().iter();
    let needed = needed.map(|name| name.as_str().unwrap());
    needed
        .filter(|name| !name.starts_with("libc.") && !name.starts_with("ld-"))
        .collect()
}

#[test]
fn the_unwinder_is_in_the_file_and_the_oldest_glibc_stays_the_same() {
    if cfg!(not(target_env = "gnu")) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let project = thrower(dir.path(), "");
    let inside = built(&project, &[]);
    assert_eq!(others(&inside), BTreeSet::new());
    for args in [
        &["--release"][..],
        &["--profile", "fat"],
        &["--profile", "thin"],
    ] {
        assert_eq!(others(&built(&project, args)), BTreeSet::new(), "{args:?}");
    }
    for linker in ["bfd", "gold", "lld", "mold"] {
        if can_run(&format!("ld.{linker}")) {
            let arg = format!("-Clink-arg=-fuse-ld={linker}");
            let link = built(&project, &["--", &arg]);
            assert_eq!(others(&link), BTreeSet::new(), "{linker}");
            assert_eq!(link["glibc"]["version"], inside["glibc"]["version"]);
        }
    }
    if can_run("clang") {
        let link = built(&project, &["--", "-Clinker=clang"]);
        assert_eq!(others(&link), BTreeSet::new(), "clang");
    }
    let dir = tempfile::tempdir().unwrap();
    let project = thrower(dir.path(), "unwinder = \"shared\"\n");
    let shared = built(&project, &[]);
    assert_eq!(others(&shared), BTreeSet::from(["libgcc_s.so.1"]));
    assert_eq!(shared["glibc"]["version"], inside["glibc"]["version"]);
}

const CPP: &str = "\
extern \"C\" int caught(int x) { try { if (x) throw x; return 0; } catch (int y) { return y; } }
";

/// C++ throws through frames of several files, so the process must have one unwinder.
#[test]
fn it_stays_shared_where_the_library_contains_cpp() {
    if cfg!(not(target_env = "gnu")) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let project = thrower(dir.path(), "");
    write(&project.join("x.cpp"), CPP);
    let here = project.to_str().unwrap();
    let object = &format!("{here}/x.o");
    run(
        "c++",
        &["-c", "-fPIC", &format!("{here}/x.cpp"), "-o", object],
    );
    run("ar", &["rcs", &format!("{here}/libx.a"), object]);
    let call = "unsafe extern \"C\" { fn caught(x: i32) -> i32; }\n\
                #[rt0::export(or = -1)]\nfn caught_cpp() -> i32 { unsafe { caught(5) } }\n";
    write(&project.join("src/lib.rs"), &format!("{LIB}{call}"));
    let host = HOST.replace("return 0;", "return thrower_caught_cpp() != 5;");
    write(&project.join("host.c"), &host);
    for runtime in ["-lstdc++", "-l:libstdc++.so.6"] {
        let link = built(
            &project,
            &[
                "--",
                &format!("-Clink-arg=-L{here}"),
                "-Clink-arg=-lx",
                &format!("-Clink-arg={runtime}"),
            ],
        );
        assert!(others(&link).contains("libgcc_s.so.1"), "{link}");
    }
}

#[test]
fn a_choice_that_does_not_exist_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let project = plain(dir.path(), "thrower", "thrower", LIB);
    append(&project, "unwinder = \"static\"\n");
    let said = common::bad(&build_shared(&project, &[]), 2);
    assert!(said.contains("must be \"inside\" or \"shared\""), "{said}");
}

const POWER: &str = r#"
pub struct Nothing;
#[rt0::init]
async fn init() -> Nothing { Nothing }
#[rt0::export(or = -7)]
fn panics() -> i32 { panic!("caught") }
#[rt0::export(or = -1.0)]
fn power(base: f64, exponent: f64) -> f64 { base.powf(exponent) }
"#;

const POWER_HOST: &str = r#"
#define _GNU_SOURCE
#include "thrower.h"
#include <math.h>
#include <string.h>
int main(void)
{
    for (int i = 1; i < 2000; i++) {
        double base = i * 0.37, exponent = (i % 41) * 0.31 - 6;
        double ours = thrower_power(base, exponent), theirs = pow(base, exponent);
        if (fabs(ours - theirs) > 2.3e-16 * theirs)
            return 1;
    }
    return thrower_power(-8, 3) != -512 || thrower_power(0, 0) != 1 || !isnan(thrower_power(-1, 0.5));
}
"#;

#[test]
fn the_mathematical_library_is_needed_only_for_more_than_pow() {
    if cfg!(not(target_env = "gnu")) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let project = with_tokio(dir.path(), POWER);
    write(&project.join("host.c"), POWER_HOST);
    good(&build_shared(&project, &["--quiet", "--offline"]));
    let line = "cc host.c -o host -Iout -Lout -lthrower -lm '-Wl,-rpath,$ORIGIN/out' && ./host";
    let ran = &mut Command::new("sh");
    good(
        &ran.current_dir(&project)
            .args(["-c", line])
            .output()
            .unwrap(),
    );
    let library = project.join("out/libthrower.so");
    assert_eq!(others(&link(&library)), BTreeSet::new());
    let more = "#[rt0::export(or = -1.0)]\nfn tangent(x: f64) -> f64 { x.tan() }\n";
    write(&project.join("src/lib.rs"), &format!("{POWER}{more}"));
    good(&build_shared(&project, &["--quiet", "--offline"]));
    let link = link(&library);
    assert_eq!(others(&link), BTreeSet::from(["libm.so.6"]));
    // The C library's own is there anyway.
    let from = link["imports"]["libm.so.6"].as_array().unwrap();
    for name in ["pow", "tan"] {
        assert!(from.contains(&Value::from(name)), "{link}");
    }
}

/// C code reads `errno` afterwards.
#[test]
fn c_code_in_a_static_library_has_the_c_librarys_pow() {
    if cfg!(not(target_env = "gnu")) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let call = "unsafe extern \"C\" { fn overflow(x: f64) -> i32; }\n\
                #[rt0::export(or = -1)]\nfn overflows() -> i32 { unsafe { overflow(1e300) } }\n";
    let project = with_tokio(dir.path(), &format!("{POWER}{call}"));
    let here = project.to_str().unwrap();
    let [source, object, archive, thin] =
        ["x.c", "x.o", "libx.a", "thin.a"].map(|file| format!("{here}/{file}"));
    let c = "#include <math.h>\n#include <errno.h>\n\
             int overflow(double x) { errno = 0; volatile double y = pow(x, x); (void)y; return errno == ERANGE; }\n";
    write(Path::new(&source), c);
    run("cc", &["-c", "-fPIC", &source, "-o", &object]);
    run("ar", &["rcs", &archive, &object]);
    run("ar", &["rcsT", &thin, &object]);
    let host = "#include \"thrower.h\"\nint main(void) { return thrower_overflows() != 1; }\n";
    write(&project.join("host.c"), host);
    let folder = format!("-L{here}");
    for arguments in [
        &[&*folder, "-Wl,-Bstatic", "-lx", "-Wl,-Bdynamic"][..],
        &["-L", here, "-lx"],
        &[&*folder, "-l:libx.a"],
        &[&*thin],
    ] {
        let arguments = arguments
            .iter()
            .map(|argument| format!("-Clink-arg={argument}"));
        let arguments: Vec<String> = ["--".to_owned()].into_iter().chain(arguments).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let link = built(&project, &arguments);
        assert_eq!(
            others(&link),
            BTreeSet::from(["libm.so.6"]),
            "{arguments:?}"
        );
    }
}
