//! Skips what this machine can't run. A skipped part of a test says so in one line; with `RT0_REQUIRE_ALL=1`
//! it fails instead, on machines that must run everything.

#![forbid(unsafe_code)]

use std::fs::OpenOptions;
use std::io::Write;

/// Notes that a test is about something that the target does not have, so that no coverage is missing: in the
/// file that `RT0_ELSEWHERE` names. `cargo xtask cross` leaves out such rows.
pub fn elsewhere(test: &str) {
    note("RT0_ELSEWHERE", test);
}

/// Says that a part of a test is skipped, and why: in the output, and in the file that `RT0_SKIPS`
/// names, from which `cargo xtask test` lists them all.
///
/// # Panics
/// `RT0_REQUIRE_ALL` is set: then nothing may be skipped.
pub fn skipped(test: &str, why: &str) {
    // On one line.
    note("RT0_SKIPS", &format!("{test}: {}", why.replace('\n', " ")));
    if std::env::var_os("RT0_REQUIRE_ALL").is_some_and(|value| value == "1") {
        panic!("{test} can't run here, and RT0_REQUIRE_ALL=1: {why}");
    }
    println!("skipped: {test}: {why}");
}

/// Adds a line to the file that this variable names, if it is set.
fn note(variable: &str, line: &str) {
    if let Some(file) = std::env::var_os(variable) {
        let file = OpenOptions::new().append(true).create(true).open(file);
        // In one write, so that the lines of two tests do not mix.
        file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()))
            .unwrap_or_else(|error| panic!("the file that {variable} names: {error}"));
    }
}
