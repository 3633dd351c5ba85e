//! What a machine may lack. A part of a test that can't run here says so in one line; with
//! `RT0_REQUIRE_ALL=1` it fails instead, so that a machine that is meant to run everything does.

use std::fs::OpenOptions;
use std::io::Write;

/// Says that a test is about something which the target does not have: nothing is missing. In the file that
/// `RT0_ELSEWHERE` names, where `cargo xtask cross` gathers what rows it has to leave out.
pub fn elsewhere(test: &str) {
    note("RT0_ELSEWHERE", test);
}

/// Says that a part of a test is left out, and why: in the output, and in the file that `RT0_SKIPS`
/// names, where `cargo xtask test` gathers what all tests say.
///
/// # Panics
/// When `RT0_REQUIRE_ALL` is set: then nothing may be left out.
pub fn skipped(test: &str, why: &str) {
    // On one line.
    note("RT0_SKIPS", &format!("{test}: {}", why.replace('\n', " ")));
    if std::env::var_os("RT0_REQUIRE_ALL").is_some_and(|value| value == "1") {
        panic!("{test} can't run here, and RT0_REQUIRE_ALL=1: {why}");
    }
    println!("skipped: {test}: {why}");
}

/// Adds a line to the file that this variable names, if it does.
fn note(variable: &str, line: &str) {
    if let Some(file) = std::env::var_os(variable) {
        let file = OpenOptions::new().append(true).create(true).open(file);
        // In one write, so that two tests do not mix their lines.
        file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()))
            .unwrap_or_else(|error| panic!("the file that {variable} names: {error}"));
    }
}

/// Whether this process may become any user.
pub fn is_root() -> bool {
    // SAFETY: geteuid(2) has no preconditions.
    unsafe { libc::geteuid() == 0 }
}
