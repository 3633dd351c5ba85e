//! What a machine may lack. A part of a test that can't run here says so in one line; with
//! `RT0_REQUIRE_ALL=1` it fails instead, so that a machine that is meant to run everything does.

/// Says that a part of a test is left out, and why.
///
/// # Panics
/// When `RT0_REQUIRE_ALL` is set: then nothing may be left out.
pub fn skipped(test: &str, why: &str) {
    if std::env::var_os("RT0_REQUIRE_ALL").is_some_and(|value| value == "1") {
        panic!("{test} can't run here, and RT0_REQUIRE_ALL=1: {why}");
    }
    println!("skipped: {test}: {why}");
}

/// Whether this process may become any user.
pub fn is_root() -> bool {
    // SAFETY: geteuid(2) has no preconditions.
    unsafe { libc::geteuid() == 0 }
}
