//! Builds the libraries of `fixtures/`, each once per test process.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use crate::places::{scratch, workspace};
use crate::processes::readable;
use crate::ran::Ran;
use crate::target::{are_static, is_apple, is_windows, named_target, shared_ending, variables};
use crate::watchdog::Host;

/// A compiler takes longer than a host.
const LIMIT: Duration = Duration::from_secs(1800);

/// The files that `cargo rt0 build` has made.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// The library's name.
    pub name: &'static str,
    /// The directory with its files.
    pub dir: PathBuf,
}

impl Fixture {
    /// The shared library.
    pub fn library(&self) -> String {
        self.file(&shared(self.name))
    }

    /// The archive.
    pub fn archive(&self) -> String {
        self.file(&format!("lib{}.a", self.name))
    }

    /// The option that tells a C compiler where the header is.
    pub fn include(&self) -> String {
        format!("-I{}", self.dir.display())
    }

    /// The arguments that link a program with the shared library, and let it find the library when it runs.
    pub fn linked(&self) -> [String; 3] {
        // Apple's linker keeps what nothing is taken from, and has no word for it.
        let keep = match is_apple() {
            true => "-pthread",
            false => "-Wl,--no-as-needed",
        };
        [
            keep.to_owned(),
            self.library(),
            format!("-Wl,-rpath,{}", self.dir.display()),
        ]
    }

    /// A copy of the library under another path.
    pub fn copy(&self, to: &str) -> String {
        let to = self.dir.join(to);
        let _ = std::fs::remove_file(&to);
        std::fs::copy(self.library(), &to).expect("it was built");
        to.to_str().expect("a path of ours").to_owned()
    }

    fn file(&self, name: &str) -> String {
        let path = self.dir.join(name);
        path.to_str().expect("a path of ours").to_owned()
    }
}

/// The library of this name, built with `cargo rt0 build`.
///
/// # Panics
/// It can't be built: with the compiler's output.
#[track_caller]
pub fn fixture(name: &'static str) -> Fixture {
    once(name, "", |dir| {
        build(name, dir, &[]).succeeds();
    })
}

/// As [`fixture`], with its archive.
///
/// # Panics
/// As [`fixture`].
#[track_caller]
pub fn with_archive(name: &'static str) -> Fixture {
    once(name, "-static", |dir| {
        build(name, dir, &["--static"]).succeeds();
    })
}

/// As [`fixture`], with this feature.
///
/// # Panics
/// As [`fixture`].
#[track_caller]
pub fn with_feature(name: &'static str, feature: &str) -> Fixture {
    once(name, &format!("-{feature}"), |dir| {
        build(name, dir, &["--features", feature]).succeeds();
    })
}

/// As [`fixture`], built with optimisations.
///
/// # Panics
/// As [`fixture`].
#[track_caller]
pub fn released(name: &'static str) -> Fixture {
    once(name, "-release", |dir| {
        build(name, dir, &["--release"]).succeeds();
    })
}

/// As [`fixture`], with the library and the archive made by this linker.
///
/// # Panics
/// As [`fixture`].
#[track_caller]
pub fn linked_by(linker: &str, name: &'static str) -> Fixture {
    let choice = format!("-fuse-ld={linker}");
    driven_by(
        name,
        &format!("-by-{linker}"),
        &format!("exec cc {choice} \"$@\""),
        &["--static", "--", &format!("-Clink-arg={choice}")],
    )
}

/// As [`fixture`], with this archive as the unwinder inside.
///
/// # Panics
/// As [`fixture`].
#[track_caller]
pub fn with_unwinder(archive: &Path, name: &'static str) -> Fixture {
    let archive = archive.display();
    driven_by(
        name,
        "-other-unwinder",
        &format!("case \"$*\" in *=libgcc_eh.a) echo '{archive}';; *) exec cc \"$@\";; esac"),
        &["--", "-Clink-arg=-Wl,-z,origin"],
    )
}

/// With this shell command as the linker. One of the arguments must make cargo link again, which it would not do
/// just because the linker is another one.
#[track_caller]
fn driven_by(name: &'static str, variant: &str, command: &str, args: &[&str]) -> Fixture {
    once(name, variant, |dir| {
        std::fs::create_dir_all(dir).expect("the target directory can be written");
        let script = dir.join("cc");
        std::fs::write(&script, format!("#!/bin/sh\n{command}\n"))
            .and_then(|()| std::fs::set_permissions(&script, readable()))
            .expect("the target directory can be written");
        building(name, dir, args)
            .env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER", script)
            .run()
            .succeeds();
    })
}

/// Runs `cargo rt0 build` for this fixture.
pub fn build(name: &str, out: &Path, args: &[&str]) -> Ran {
    building(name, out, args).run()
}

fn building(name: &str, out: &Path, args: &[&str]) -> Host {
    cargo_environment(Host::new(builder()))
        .args(["--quiet", "--package", name, "--out"])
        .arg(out)
        .args(args)
}

/// The library of this name as plain cargo builds it, with these features: for libraries that use only the
/// core.
///
/// # Panics
/// It can't be built.
#[track_caller]
pub fn plain(name: &'static str, features: &'static str) -> Fixture {
    once(name, &format!("-plain-{features}"), |dir| {
        cargo_rustc(name, features).succeeds();
        keep(&format!("debug/{}", shared(name)), dir);
    })
}

/// The probe as plain cargo builds it, with a build script that uses `rt0-build`. The features say for what
/// (`fixtures/guarded`), and this linker links it.
///
/// # Panics
/// It can't be built.
#[track_caller]
pub fn guarded(features: &'static str, linker: &str) -> Fixture {
    let choice = format!("-Clink-arg=-fuse-ld={linker}");
    guarded_by(linker, &[&choice], features)
}

/// As [`guarded`]; the compiler finds the linker of this name by these flags.
///
/// # Panics
/// As [`guarded`].
#[track_caller]
pub fn guarded_by(linker: &str, flags: &[&str], features: &'static str) -> Fixture {
    once("probe", &format!("-guarded-{features}-{linker}"), |dir| {
        cargo_guarded(features, &[], &[&["--"], flags].concat());
        keep_guarded("debug", dir);
    })
}

/// As [`guarded`], with everything compiled as one unit, and the compiler's usual linker.
///
/// # Panics
/// As [`guarded`].
#[track_caller]
pub fn guarded_as_one(features: &'static str) -> Fixture {
    once("probe", &format!("-guarded-{features}-as-one"), |dir| {
        let fat = ["--release", "--config", "profile.release.lto = \"fat\""];
        cargo_guarded(features, &fat, &[]);
        keep_guarded("release", dir);
    })
}

#[track_caller]
fn cargo_guarded(features: &str, profile: &[&str], flags: &[&str]) {
    plain_cargo()
        .args(["rustc", "--quiet", "--lib", "--crate-type", "cdylib"])
        .args(["--package", "guarded", "--features", features])
        .args(profile)
        .args(flags)
        .run()
        .succeeds();
}

/// Keeps it under the name of the probe, for hosts that are linked with that.
fn keep_guarded(profile: &str, dir: &Path) {
    keep(&format!("{profile}/{}", shared("guarded")), dir);
    let named = dir.join(shared("probe"));
    std::fs::rename(dir.join(shared("guarded")), named).expect("the same folder");
}

/// The library of this name, optimised, without std and start files: it can be unmapped.
///
/// # Panics
/// It can't be built.
#[track_caller]
pub fn alone(name: &'static str) -> Fixture {
    once(name, "-alone", |dir| {
        plain_cargo()
            .args(["rustc", "--quiet", "--release", "--lib"])
            .args(["--crate-type", "cdylib", "--package", name])
            .args(["--features", "alone", "--", "-Cpanic=abort"])
            .args(["-Clink-arg=-nostdlib", "-Clink-arg=-Wl,-z,now"])
            .run()
            .succeeds();
        keep(&format!("release/{}", shared(name)), dir);
    })
}

/// The library of this name, and its archive, as small as possible and without std: with the profile `alone`.
///
/// # Panics
/// It can't be built.
#[track_caller]
pub fn small(name: &'static str) -> Fixture {
    once(name, "-small", |dir| {
        let host = if are_static() {
            // Cargo would warn that it makes no shared library there.
            plain_cargo().args(["rustc", "--lib", "--crate-type", "staticlib"])
        } else {
            plain_cargo().arg("build")
        };
        host.args(["--quiet", "--profile", "alone", "--package", name])
            .run()
            // The assembler must be silent: it warns if assembly does not fit the module, and here everything is
            // one module.
            .ok();
        if !are_static() {
            keep(&format!("alone/lib{name}.so"), dir);
        }
        keep(&format!("alone/lib{name}.a"), dir);
    })
}

/// The archive for libraries in C, of `crates/rt0-capi`.
///
/// # Panics
/// It can't be built.
#[track_caller]
pub fn archive_for_c() -> Fixture {
    once("rt0", "-capi", |dir| {
        plain_cargo()
            .args(["build", "--quiet", "--package", "rt0-capi"])
            .args(["--profile", "capi"])
            .run()
            .succeeds();
        keep("capi/librt0_capi.a", dir);
        std::fs::rename(dir.join("librt0_capi.a"), dir.join("librt0.a")).expect("as above");
    })
}

/// The archive of the library of this name, as plain cargo builds it.
///
/// # Panics
/// It can't be built.
#[track_caller]
pub fn plain_archive(name: &'static str) -> Fixture {
    once(name, "-plain-static", |dir| {
        plain_cargo()
            .args(["rustc", "--quiet", "--lib", "--crate-type", "staticlib"])
            .args(["--package", name])
            .run()
            .succeeds();
        keep(&format!("debug/lib{name}.a"), dir);
    })
}

/// Runs plain cargo for this fixture.
pub fn cargo_rustc(name: &str, features: &str) -> Ran {
    plain_cargo()
        .args(["rustc", "--quiet", "--lib", "--crate-type", "cdylib"])
        .args(["--package", name, "--features", features])
        .run()
}

/// Another build tool, or plain cargo, with the environment of a build, in a target directory of its own.
pub fn build_tool(program: impl AsRef<OsStr>, target: &Path) -> Host {
    with_linker(cargo_environment(Host::new(program)))
        .env("CARGO_TARGET_DIR", target)
        // Nobody debugs what it builds without optimisations: a generator, and the projects' own tests.
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
}

fn plain_cargo() -> Host {
    with_linker(cargo_environment(Host::new(cargo())))
}

/// With the linker for the target. (`cargo rt0 build` finds the linker itself.)
fn with_linker(host: Host) -> Host {
    let Ok(compiler) = std::env::var("RT0_HOSTS_CC") else {
        return host;
    };
    let target = named_target().to_uppercase().replace(['-', '.'], "_");
    // Without its options: they are for C.
    let compiler = compiler.split_whitespace().next().unwrap_or_default();
    host.env(format!("CARGO_TARGET_{target}_LINKER"), compiler)
}

/// Copies the file that plain cargo has built.
fn keep(built: &str, dir: &Path) {
    // If a target is named, cargo builds in a directory for that target.
    let built = cargo_target().join(named_target()).join(built);
    let file = built.file_name().expect("a file");
    std::fs::create_dir_all(dir).expect("the target directory can be written");
    let _ = std::fs::remove_file(dir.join(file));
    std::fs::copy(&built, dir.join(file)).expect("cargo has built it");
}

type Built = Mutex<HashMap<PathBuf, Arc<OnceLock<()>>>>;

#[track_caller]
fn once(name: &'static str, variant: &str, build: impl FnOnce(&Path)) -> Fixture {
    static BUILT: OnceLock<Built> = OnceLock::new();
    let dir = scratch().join(format!("{name}{variant}"));
    let once = {
        let mut built = BUILT
            .get_or_init(Built::default)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        built.entry(dir.clone()).or_default().clone()
    };
    once.get_or_init(|| build(&dir));
    Fixture { name, dir }
}

/// The environment of a build: what a person sets for cargo, without what cargo sets for a test.
fn cargo_environment(mut host: Host) -> Host {
    const NAMES: [&str; 9] = [
        "HOME",
        "CARGO_HOME",
        "RUSTUP_HOME",
        "RUSTUP_TOOLCHAIN",
        "RUSTC",
        "RUSTFLAGS",
        "CC",
        "https_proxy",
        "HTTPS_PROXY",
    ];
    const BEGINNINGS: [&str; 4] = [
        "CARGO_TARGET_",
        "CARGO_NET_",
        "CARGO_HTTP_",
        "CARGO_REGISTR",
    ];
    for (name, value) in std::env::vars_os() {
        let wanted = name.to_str().is_some_and(|name| {
            NAMES.contains(&name) || BEGINNINGS.iter().any(|start| name.starts_with(start))
        });
        if wanted {
            host = host.env(name, value);
        }
    }
    // `cargo xtask sabotage` builds the fixtures, but not the tests, without a protection.
    if let Some(wrapper) = std::env::var_os("RT0_HOSTS_WRAPPER") {
        host = host.env("RUSTC_WORKSPACE_WRAPPER", wrapper);
    }
    // `cargo xtask sanitize` builds them with a sanitizer, `cargo xtask cross` for another target.
    host.envs(variables("RT0_FOR_FIXTURES_"))
        .env("CARGO", cargo())
        .env("CARGO_TARGET_DIR", cargo_target())
        .dir(workspace())
        .limit(LIMIT)
}

/// Where cargo builds the fixtures: `RT0_HOSTS_CARGO_DIR`, or a part of [`scratch`].
fn cargo_target() -> PathBuf {
    std::env::var_os("RT0_HOSTS_CARGO_DIR").map_or_else(|| scratch().join("cargo"), PathBuf::from)
}

/// The file name of a shared library.
fn shared(name: &str) -> String {
    let start = if is_windows() { "" } else { "lib" };
    format!("{start}{name}{}", shared_ending())
}

/// The cargo that runs the tests.
pub fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// The program of `src/bin/build.rs`.
fn builder() -> PathBuf {
    program("rt0-hosts-build")
}

/// A program of `src/bin`, which cargo builds beside this test.
pub fn program(name: &str) -> PathBuf {
    if let Some(path) = std::env::var_os(format!("CARGO_BIN_EXE_{name}")) {
        return path.into();
    }
    let test = std::env::current_exe().expect("the system knows this program");
    let dir = test.ancestors().nth(2).expect("DIR/deps/TEST");
    dir.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
