//! What a first run on another Unix must show: macOS, FreeBSD, Android. The host uses POSIX alone. On Linux it runs with
//! all other tests, so that a failure elsewhere is that system's.
//!
//! `cargo test -p rt0-hosts --test everywhere` needs a C compiler and nothing else. docs/platforms.md says how to read it.
//! (Windows has `tests/windows.rs`.)

#![cfg(unix)]

use cargo_rt0::image::Image;
use cargo_rt0::inspect::inspect;
use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::watchdog::Host;

/// What the host prints if all is well: the load, 16 threads at the gate, a fork's child that boots, a shutdown and a
/// boot after it, an end with the host's own exit code.
#[test]
fn a_library_lives_through_a_hosts_life() {
    let host = cc::c("everywhere.c", &[]);
    let ran = Host::compiled(host).arg(fixture("probe").library()).run();
    let said = ran.exits(7);
    let lines = [
        "many = 16",
        "ping = 1",
        "boots = 1",
        "child = 2",
        "shutdown = 0",
        "again = 2",
        "boots = 2",
    ];
    assert_eq!(said.lines().collect::<Vec<_>>(), lines, "{ran}");
}

#[test]
fn a_failed_boot_is_told_to_the_caller() {
    let host = cc::c("everywhere.c", &[]);
    let ran = Host::compiled(host)
        .arg(fixture("probe").library())
        .env("PROBE_BOOT", "error:the index is gone")
        .run();
    let said = ran.exits(7);
    let lines = [
        "many = 0",
        "ping = -1",
        "boots = -1",
        "child = 100",
        "shutdown = 0",
        "again = -1",
        "boots = -1",
    ];
    assert_eq!(said.lines().collect::<Vec<_>>(), lines, "{ran}");
}

/// The built file, as `cargo rt0 inspect` reads it.
#[test]
fn the_file_is_as_it_should_be() {
    let path = fixture("probe").library();
    let report = inspect(&Image::open(path.as_ref()).expect("it was built"));
    let report = report.expect("a library of ours");
    assert_eq!(report.findings, [""; 0]);
    assert!(report.symbols.surplus.is_empty() && report.symbols.missing.is_empty());
}
