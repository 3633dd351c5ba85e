//! The target that fixtures are built for and hosts run on, if it is not this machine.
//!
//! `cargo xtask cross` and `cargo xtask sanitize` set it in environment variables.

use std::ffi::OsString;

/// The target that the fixtures are built for; empty if cargo chooses.
pub fn named_target() -> String {
    std::env::var("RT0_FOR_FIXTURES_CARGO_BUILD_TARGET").unwrap_or_default()
}

/// Whether the target is Windows.
pub fn is_windows() -> bool {
    is(cfg!(windows), "-windows-")
}

/// Whether hosts for Windows run on another system.
pub(crate) fn is_under_wine() -> bool {
    is_windows() && !cfg!(windows)
}

/// Whether the target is one of Apple's systems.
pub fn is_apple() -> bool {
    is(cfg!(target_vendor = "apple"), "-apple-")
}

/// Of the named target by its name, or of this machine.
fn is(here: bool, part: &str) -> bool {
    match named_target().as_str() {
        "" => here,
        named => named.contains(part),
    }
}

/// How the name of a shared library ends.
pub fn shared_ending() -> &'static str {
    match (is_windows(), is_apple()) {
        (true, _) => ".dll",
        (_, true) => ".dylib",
        _ => ".so",
    }
}

/// Whether hosts are static programs, which load nothing.
pub fn are_static() -> bool {
    std::env::var_os("RT0_HOSTS_STATIC").is_some()
}

/// Whether hosts have another C library or processor than this machine, so that they can't use the libraries
/// installed here.
pub fn is_for_another() -> bool {
    std::env::var("RT0_HOSTS_CC").is_ok_and(|compiler| compiler != "cc")
}

/// Whether compiled hosts run under an emulator.
pub fn is_emulated() -> bool {
    std::env::var("RT0_HOSTS_RUNNER").is_ok_and(|runner| runner.starts_with("qemu-"))
}

/// How many times slower everything runs, because of an emulator or a sanitizer.
pub(crate) fn times_slower() -> u32 {
    let times = std::env::var("RT0_HOSTS_SLOWER");
    times.map_or(1, |times| times.parse().expect("a number"))
}

/// The environment variables with this prefix, without the prefix: a command of xtask sets them for the
/// builds of fixtures, or for hosts, but not for the tests.
pub(crate) fn variables(prefix: &str) -> Vec<(String, OsString)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.to_str()?.strip_prefix(prefix)?.to_owned(), value)))
        .collect()
}
