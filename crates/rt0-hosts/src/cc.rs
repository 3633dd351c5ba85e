//! Compiles hosts, each once per test process.

use std::collections::HashMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rt0_cc::Compiler;

use crate::fixture::Fixture;
use crate::places::{scratch, source};
use crate::target::{is_windows, shared_ending};
use crate::watchdog::Host;

/// Compiles a host of `hosts/` in C, and returns the path of the program. The arguments come after the
/// source, as libraries must.
///
/// # Panics
/// The compiler reports an error or a warning: with its output. It is `CC`, or `cc`; `cargo xtask cross` sets
/// `RT0_HOSTS_CC`, only for hosts.
#[track_caller]
pub fn c(name: &str, args: &[&str]) -> PathBuf {
    let variable = match std::env::var_os("RT0_HOSTS_CC") {
        Some(_) => "RT0_HOSTS_CC",
        None => "CC",
    };
    built(variable, "cc", "-std=c11", name, args)
}

/// As [`c`], with this library's header, linked with the library.
///
/// # Panics
/// As [`c`].
#[track_caller]
pub fn linked(name: &str, library: &Fixture) -> PathBuf {
    let [keep, file, place] = library.linked();
    c(name, &[&library.include(), &keep, &file, &place])
}

/// A library of the host's that is linked with this one: the path of what `compile`, [`c`] or [`cpp`], makes of
/// the source.
///
/// # Panics
/// As [`c`].
#[track_caller]
pub fn library_over(
    library: &Fixture,
    compile: fn(&str, &[&str]) -> PathBuf,
    name: &str,
) -> String {
    let [keep, file, place] = library.linked();
    let path = compile(name, &["-shared", "-fPIC", &keep, &file, &place]);
    path.to_str().expect("a path of ours").to_owned()
}

/// Whether the compiler of [`c`] accepts this source with these arguments.
pub fn has(name: &str, args: &[&str]) -> bool {
    let out = scratch()
        .join("bin")
        .join(format!("has-{}", std::process::id()));
    let _ = fs::create_dir_all(scratch().join("bin"));
    let ran = running(&Compiler::c())
        .args(["-std=c11", "-D_GNU_SOURCE", "-o"])
        .arg(&out)
        .arg(source(name))
        .args(args)
        .args(["-pthread", "-ldl"])
        .run();
    let _ = fs::remove_file(out);
    ran.status.success()
}

/// As [`c`], with a compiler other than `CC`, for another C library.
///
/// # Panics
/// As [`c`].
#[track_caller]
pub fn c_by(compiler: &str, name: &str, args: &[&str]) -> PathBuf {
    built("RT0_HOSTS_NO_OTHER", compiler, "-std=c11", name, args)
}

/// As [`c`], without a C library, linked with an archive that needs none.
///
/// # Panics
/// As [`c`].
#[track_caller]
pub fn c_alone(name: &str, archive: &str, more: &[&str]) -> PathBuf {
    const WITHOUT: [&str; 7] = [
        "-fno-pie",
        "-no-pie",
        "-ffreestanding",
        "-fno-stack-protector",
        "-static",
        "-nostdlib",
        "-Wl,--gc-sections",
    ];
    c(name, &[&WITHOUT, more, &[archive]].concat())
}

/// As [`c`], in C++, with `CXX` or `c++`.
///
/// # Panics
/// As [`c`].
#[track_caller]
pub fn cpp(name: &str, args: &[&str]) -> PathBuf {
    built("CXX", "c++", "-std=c++17", name, args)
}

/// The compiler of [`c`], without any arguments yet.
pub fn driver() -> Host {
    running(&Compiler::c())
}

fn running(compiler: &Compiler) -> Host {
    Host::new(compiler.program()).args(compiler.first())
}

type Programs = Mutex<HashMap<PathBuf, Arc<OnceLock<()>>>>;

#[track_caller]
fn built(variable: &str, compiler: &str, standard: &str, name: &str, args: &[&str]) -> PathBuf {
    static PROGRAMS: OnceLock<Programs> = OnceLock::new();
    let compiler = Compiler::of(variable, compiler);
    let dir = scratch().join("bin");
    fs::create_dir_all(&dir).expect("the target directory can be written");
    let more = more_for(args);
    let mut hash = DefaultHasher::new();
    (&compiler, name, args, &more).hash(&mut hash);
    let stem = Path::new(name).file_stem().unwrap_or_default();
    let shared = match args.contains(&"-shared") {
        true => shared_ending(),
        false if is_windows() => ".exe",
        false => "",
    };
    let out = dir.join(format!("{}-{:016x}{shared}", stem.display(), hash.finish()));
    let once = {
        let mut programs = PROGRAMS
            .get_or_init(Programs::default)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        programs.entry(out.clone()).or_default().clone()
    };
    let args: Vec<&str> = args
        .iter()
        .copied()
        .chain(more.split_whitespace())
        .collect();
    once.get_or_init(|| compile(&compiler, standard, &source(name), &args, &out));
    out
}

/// The options that `cargo xtask sanitize` links with every program: a sanitizer's runtime.
fn more_for(args: &[&str]) -> String {
    if args.contains(&"-shared") {
        return String::new();
    }
    std::env::var("RT0_HOSTS_LINK").unwrap_or_default()
}

/// The options for every host.
const USUAL: [&str; 6] = ["-D_GNU_SOURCE", "-O1", "-g", "-Wall", "-Wextra", "-Werror"];

fn compile(compiler: &Compiler, standard: &str, source: &Path, args: &[&str], out: &Path) {
    // Under another name first: another test process may be running the old program.
    let new = out.with_extension(std::process::id().to_string());
    // Some compilers take these options as a sign that there is a C library.
    let libraries = match args.contains(&"-nostdlib") || is_windows() {
        true => [].as_slice(),
        false => &["-pthread", "-ldl"],
    };
    running(compiler)
        .arg(standard)
        .args(USUAL)
        .arg("-o")
        .arg(&new)
        .arg(source)
        .args(args)
        .args(libraries)
        .run()
        .succeeds();
    fs::rename(&new, out).expect("in the same directory");
}
