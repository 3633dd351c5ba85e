//! A library that contains std stays in memory, whatever the host closes.

use std::time::Duration;

use rt0_hosts::cc;
use rt0_hosts::fixture::{Fixture, fixture, plain};
use rt0_hosts::steps::Said;
use rt0_hosts::watchdog::Host;

fn host(what: &str, library: &Fixture) -> Host {
    Host::new(cc::c("unload/unload.c", &[]))
        .args([what, &library.library(), library.name])
        .env("RT0_WORKERS", "1")
}

/// A library of `cargo rt0 build`, which the linker pins; and one of plain cargo, which pins itself.
fn both() -> [Fixture; 2] {
    [fixture("probe"), plain("pair", "")]
}

/// Ten thousand rounds of load, call, shutdown, close.
#[track_caller]
fn rounds(library: &Fixture) {
    let host = host("rounds", library).arg("10000");
    let said = Said::of(&host.limit(Duration::from_secs(600)).run());
    let number = |what: &str| -> i64 { said.one(what).parse().expect("a number") };
    let name = library.name;
    println!("{name}: {} ms, {} KiB", number("ms"), number("grown"));
    assert_eq!((number("files"), number("keys")), (0, 0), "{}", said.text());
    // The heap may grow a little at first; a leak in each round would be larger.
    assert!(number("grown") < 2048, "{}", said.text());
    assert!(number("maps") < 8, "{}", said.text());
}

#[test]
fn ten_thousand_rounds_leave_nothing_behind() {
    rounds(&fixture("probe"));
}

#[test]
fn ten_thousand_rounds_of_a_library_that_plain_cargo_made_leave_nothing_behind() {
    rounds(&plain("pair", ""));
}

#[test]
fn closed_while_its_threads_run() {
    for library in both() {
        assert_eq!(host("running", &library).run().ok(), "alone = 1\n");
    }
}

/// While its boot thread is starting, and without any thread. (Later the C library itself keeps a library
/// while a thread has destructors in it.)
#[test]
fn closed_at_once() {
    for library in both() {
        for start in ["load", "lazy"] {
            let host = host("at_once", &library).env("RT0_START", start);
            assert_eq!(host.run().ok(), "");
        }
    }
}

/// The loader is asked again before the first call.
#[test]
fn a_loader_that_refuses_to_keep_it_is_asked_again() {
    let library = plain("pair", "");
    let host = Host::new(cc::c("unload/unload.c", &["-DREFUSES", "-rdynamic"]))
        .args(["refusing", &library.library(), library.name])
        .env("RT0_WORKERS", "1");
    assert_eq!(host.run().ok(), "");
}

#[test]
fn closed_during_boot() {
    let host = host("booting", &fixture("probe")).env("PROBE_BOOT", "sleep:1000");
    assert_eq!(host.run().ok(), "");
}

#[test]
fn closed_from_inside_a_call() {
    assert_eq!(host("inside", &fixture("probe")).run().ok(), "");
}

#[test]
fn threads_that_used_it_end_after_it_was_closed() {
    for library in both() {
        assert_eq!(host("threads", &library).run().ok(), "");
    }
}
