//! The target that fixtures are built for and hosts run on, when it is not this machine.
//!
//! `cargo xtask cross` and `cargo xtask sanitize` say so in environment variables.

use std::ffi::OsString;

/// The target that the fixtures are built for; empty when cargo chooses.
pub fn named_target() -> String {
    std::env::var("RT0_FOR_FIXTURES_CARGO_BUILD_TARGET").unwrap_or_default()
}

/// Whether that is Windows.
pub fn is_windows() -> bool {
    named_target().contains("-windows-")
}

/// Whether hosts are static programs, which load nothing.
pub fn are_static() -> bool {
    std::env::var_os("RT0_HOSTS_STATIC").is_some()
}

/// Whether hosts have another C library or processor than this machine, so that they can't use the libraries
/// that are installed here.
pub fn is_for_another() -> bool {
    std::env::var("RT0_HOSTS_CC").is_ok_and(|compiler| compiler != "cc")
}

/// Whether compiled hosts run under an emulator.
pub fn is_emulated() -> bool {
    std::env::var("RT0_HOSTS_RUNNER").is_ok_and(|runner| runner.starts_with("qemu-"))
}

/// How many times slower everything is: by an emulator or a sanitizer.
pub(crate) fn times_slower() -> u32 {
    let times = std::env::var("RT0_HOSTS_SLOWER");
    times.map_or(1, |times| times.parse().expect("a number"))
}

/// The environment variables with this prefix, without it: what a command of xtask sets for the builds of
/// fixtures, or for hosts, and not for the tests.
pub(crate) fn variables(prefix: &str) -> Vec<(String, OsString)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.to_str()?.strip_prefix(prefix)?.to_owned(), value)))
        .collect()
}
