//! Has the linker give a library on [rt0] all its protections, whatever builds it: maturin, `@napi-rs/cli`,
//! UniFFI, cargo-ndk, or plain `cargo build`.
//!
//! Some of what protects a host can only be done where the library is linked. `cargo rt0 build` does it; other
//! tools know nothing of it. So tell cargo in the build script of the crate that is built:
//!
//! ```toml
//! # Cargo.toml
//! [lib]
//! crate-type = ["cdylib"]
//!
//! [dependencies]
//! rt0 = "0.1"
//!
//! [build-dependencies]
//! rt0-build = "0.1"
//! ```
//!
//! ```no_run
//! // build.rs
//! fn main() {
//!     rt0_build::setup();
//! }
//! ```
//!
//! `cargo rt0 inspect FILE` then says which protections the built file has, and `cargo rt0 inspect --require all
//! FILE` fails where one is missing.
//!
//! # What it changes
//!
//! Only the crate's `cdylib` is linked differently: its tests, programs, examples, rlib and staticlib are not. On
//! systems with ELF files (Linux, Android, the BSDs) the linker
//!
//! - puts rt0's own functions in the place of a few of the C library's, in this file alone (`-wrap`): so std's
//!   threads start although a thread of the host is inside `dlopen`, tokio does not read the host's environment,
//!   and the runtime's descriptors have numbers that hosts do not use;
//! - marks the file as never to be unmapped (`-z nodelete`), and its symbols as to be bound at load (`-z now`);
//! - on Android, aligns its parts to pages of 16 KiB, without which newer devices refuse it.
//!
//! It works with GNU's ld, gold, lld, mold and wild, and with `zig cc`. On Windows nothing of this is needed, and
//! nothing is done. On Apple's systems std's threads and the environment need none of it, because std and the C
//! library work differently there. The descriptors would need it, but nobody has made it for `kqueue`; so nothing
//! is done there either, but for the soname.
//!
//! What these arguments are is decided by the rt0 that is linked in, which tells this crate: the two can't differ.
//! If they don't understand each other, the build says what to change.
//!
//! `cargo rt0 build` notices what a build script has asked for, and adds only the rest.
//!
//! # What it can't do
//!
//! Link arguments do not reach an archive (staticlib), can't hide single symbols, and can't remove the paths of
//! your machine from the file. `cargo rt0 build` does all that.
//!
//! It can't see whether the crate *uses* rt0. A dependency that no line of the code mentions is not linked, and the
//! loader then refuses the library: `undefined symbol: __wrap___cxa_thread_atexit_impl`, or another that begins with
//! `__wrap_`. One line is enough: `use rt0 as _;`.
//!
//! Nor can it see which kinds of libraries the package has. Call it only where there is a `cdylib`: otherwise cargo
//! warns, once for each argument.
//!
//! [rt0]: https://docs.rs/rt0

#![forbid(unsafe_code)]
// The examples are whole build scripts.
#![allow(clippy::needless_doctest_main)]

mod told;

use told::Told;

/// Call this in the build script: the linker then does what every library on rt0 needs. The same as
/// `Setup::new().apply()`.
pub fn setup() {
    Setup::new().apply();
}

/// What else the linker should do.
///
/// ```no_run
/// // build.rs
/// fn main() {
///     rt0_build::Setup::new()
///         .soname("libshop.so.1")
///         .hide_dependencies()
///         .apply();
/// }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "nothing happens before `apply`"]
pub struct Setup {
    soname: Option<String>,
    hide_dependencies: bool,
}

impl Setup {
    /// What every library on rt0 needs, and nothing else.
    pub fn new() -> Setup {
        Setup::default()
    }

    /// Also gives the library the name by which programs that are linked with it ask for it (the soname; on
    /// Apple's systems the install name). Python, Node and Java open a file by its path, and need none.
    pub fn soname(mut self, name: impl Into<String>) -> Setup {
        self.soname = Some(name.into());
        self
    }

    /// Also hides the symbols that come from dependencies: rustc makes every `#[no_mangle]` item of every crate
    /// visible (`--exclude-libs,ALL`).
    ///
    /// Do not ask for this if the entry that your host looks up lies in a dependency, as it does with napi-rs.
    /// With `lto = "fat"` the linker can't tell dependencies from your crate, and hides nothing. zig can't do it: under
    /// cargo-zigbuild, and `maturin --zig`, the build warns and hides nothing. Nor can Apple's linker, to which rustc
    /// gives a list of what is visible that nothing can shorten.
    pub fn hide_dependencies(mut self) -> Setup {
        self.hide_dependencies = true;
        self
    }

    /// Tells cargo. If rt0 is not there, or does not fit this version, the build fails with a sentence that says
    /// what to change.
    pub fn apply(self) {
        // Nothing is said of when to run the script again: that would also be said of what else it does. Cargo
        // runs it again when rt0 has something else to tell.
        for line in self.lines(&Told::by_cargo(), &linker()) {
            println!("{line}");
        }
    }

    /// The lines for cargo.
    fn lines(&self, told: &Result<Told, String>, linker: &str) -> Vec<String> {
        let told = match told {
            Ok(told) => told,
            Err(why) => return vec![format!("cargo::error=rt0-build: {why}")],
        };
        let mut out: Vec<_> = told.arguments.iter().map(|it| argument(it)).collect();
        match (&self.soname, &*told.soname) {
            (None, _) => {}
            (Some(name), _) if !is_plain(name) => out.push(format!(
                "cargo::error=rt0-build: the soname {name:?} has a blank, a comma or a control character in it, which \
                 linkers would take apart"
            )),
            // Windows knows a file by its name.
            (Some(_), "") => {}
            (Some(name), option) => out.push(argument(&format!("{option}{name}"))),
        }
        match (self.hide_dependencies, &*told.hide_dependencies) {
            (false, _) => {}
            (true, _) if is_zig(linker) => out.push(
                "cargo::warning=rt0-build: zig, which links here, can't hide the symbols of dependencies"
                    .to_owned(),
            ),
            (true, "") => out.push(
                "cargo::warning=rt0-build: this target's linker can't hide the symbols of dependencies"
                    .to_owned(),
            ),
            (true, option) => out.push(argument(option)),
        }
        out
    }
}

/// The program that cargo has been told to link with; empty if it has not been told any.
fn linker() -> String {
    std::env::var("RUSTC_LINKER").unwrap_or_default()
}

/// Whether that is `zig cc`, by the name of the script that cargo-zigbuild writes for it.
fn is_zig(linker: &str) -> bool {
    let name = linker.rsplit(['/', '\\']).next().unwrap_or_default();
    name.starts_with("zig")
}

fn argument(argument: &str) -> String {
    format!("cargo::rustc-link-arg-cdylib={argument}")
}

fn is_plain(name: &str) -> bool {
    let splits = |c: char| c.is_whitespace() || c.is_control() || c == ',';
    !name.is_empty() && !name.contains(splits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told() -> Told {
        Told {
            arguments: vec!["-Wl,-z,now".to_owned()],
            soname: "-Wl,-soname,".to_owned(),
            hide_dependencies: "-Wl,--exclude-libs,ALL".to_owned(),
        }
    }

    fn lines(setup: &Setup, told: Told) -> Vec<String> {
        setup.lines(&Ok(told), "")
    }

    /// It ends with "unsupported linker arg: --exclude-libs".
    #[test]
    fn zig_is_not_asked_for_what_it_does_not_know() {
        let all = Setup::new().hide_dependencies();
        for (linker, is_zig) in [
            (
                "/cache/wrappers/a8a5/zigcc-x86_64-unknown-linux-gnu.2.17-b9e2.sh",
                true,
            ),
            (r"C:\cache\zigcc-x86_64-unknown-linux-musl.bat", true),
            ("/opt/zig/bin/cc", false),
            ("x86_64-linux-gnu-gcc", false),
        ] {
            let lines = all.lines(&Ok(told()), linker);
            let warned = lines[1].starts_with("cargo::warning=rt0-build: zig, which links here");
            assert_eq!(warned, is_zig, "{linker}: {lines:?}");
            assert_eq!(lines.len(), 2, "{lines:?}");
        }
    }

    #[test]
    fn arguments_are_for_the_cdylib_alone() {
        let all = Setup::new().soname("libx.so.1").hide_dependencies();
        assert_eq!(
            lines(&all, told()),
            [
                "cargo::rustc-link-arg-cdylib=-Wl,-z,now",
                "cargo::rustc-link-arg-cdylib=-Wl,-soname,libx.so.1",
                "cargo::rustc-link-arg-cdylib=-Wl,--exclude-libs,ALL",
            ]
        );
        assert_eq!(lines(&Setup::new(), told()).len(), 1);
    }

    #[test]
    fn a_system_without_something_says_so_only_where_it_matters() {
        let windows = Told {
            arguments: Vec::new(),
            soname: String::new(),
            hide_dependencies: String::new(),
        };
        let all = Setup::new().soname("libx.so.1").hide_dependencies();
        assert_eq!(
            lines(&all, windows),
            [
                "cargo::warning=rt0-build: this target's linker can't hide the symbols of dependencies"
            ]
        );
    }

    #[test]
    fn an_impossible_soname_is_refused() {
        for name in ["", "a b", "a,b", "a\nb"] {
            let lines = lines(&Setup::new().soname(name), told());
            assert!(
                lines[1].starts_with("cargo::error=rt0-build: the soname"),
                "{lines:?}"
            );
            assert!(!lines[1].contains('\n'));
        }
    }
}
