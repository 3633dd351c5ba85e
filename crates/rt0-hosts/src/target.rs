//! The target that fixtures are built for and hosts run on, when it is not this machine.
//!
//! `cargo xtask cross` and `cargo xtask sanitize` say so in environment variables.

use std::ffi::OsString;

/// The target that the fixtures are built for; empty where cargo chooses.
pub fn named_target() -> String {
    std::env::var("RT0_FOR_FIXTURES_CARGO_BUILD_TARGET").unwrap_or_default()
}

/// Whether that is Windows.
pub fn is_windows() -> bool {
    named_target().contains("-windows-")
}

/// Whether hosts are static programs, which load nothing: `cargo xtask cross` says so.
pub fn are_static() -> bool {
    std::env::var_os("RT0_HOSTS_STATIC").is_some()
}

/// Whether hosts have another C library than this machine, or another processor, by `cargo xtask cross`: what
/// Debian has built is not for them.
pub fn is_for_another() -> bool {
    std::env::var("RT0_HOSTS_CC").is_ok_and(|compiler| compiler != "cc")
}

/// Whether compiled hosts are run by an emulator, by `cargo xtask cross`.
pub fn is_emulated() -> bool {
    std::env::var("RT0_HOSTS_RUNNER").is_ok_and(|runner| runner.starts_with("qemu-"))
}

/// By how much `cargo xtask sanitize` makes everything slower.
pub(crate) fn times_slower() -> u32 {
    let times = std::env::var("RT0_HOSTS_SLOWER");
    times.map_or(1, |times| times.parse().expect("a number"))
}

/// The environment variables whose names begin so, without that beginning: what a command of xtask has
/// set for the fixtures' builds or for the hosts alone, and not for the tests.
pub(crate) fn variables(prefix: &str) -> Vec<(String, OsString)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.to_str()?.strip_prefix(prefix)?.to_owned(), value)))
        .collect()
}
