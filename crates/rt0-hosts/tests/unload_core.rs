//! A library on the core alone, without std, is really unmapped.

use std::time::Duration;

use rt0_hosts::cc;
use rt0_hosts::fixture::alone;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;

/// Opens, does these steps, over and over; what has grown.
fn rounds(count: u32, steps: &str, environment: &[(&str, &str)]) -> Said {
    let mut host = Host::new(cc::c("vanish.c", &[]))
        .arg(alone("fleeting").library())
        .args([&count.to_string(), steps])
        .limit(Duration::from_secs(120));
    for (name, value) in environment {
        host = host.env(name, value);
    }
    Said::from(&host.run(), 7)
}

#[track_caller]
fn check_flat(said: &Said) {
    for what in ["mappings", "descriptors", "threads"] {
        assert_eq!(said.one(what), "0", "{}", said.text());
    }
    // The kernel counts in lots of 64 pages for each processor.
    let kib: i64 = said.one("kib").parse().expect("a number");
    assert!(kib < 1000, "{}", said.text());
}

#[test]
fn ten_thousand_loads_leave_nothing_behind() {
    check_flat(&rounds(10_000, "pcm", &[]));
}

#[test]
fn closed_at_once_it_leaves_nothing_behind() {
    check_flat(&rounds(2_000, "cm", &[]));
}

#[test]
fn closed_during_boot_it_waits_for_the_boot() {
    check_flat(&rounds(100, "cm", &[("FLEETING_BOOT", "3")]));
}

#[test]
fn its_main_is_told_to_stop_and_awaited() {
    check_flat(&rounds(100, "pcm", &[("FLEETING_MAIN", "3")]));
    check_flat(&rounds(100, "cm", &[("FLEETING_MAIN", "3")]));
}

#[test]
fn it_can_be_shut_down_before() {
    check_flat(&rounds(300, "pspscm", &[("FLEETING_MAIN", "0")]));
}

/// The handlers of fork and exit that lie in it are gone with it.
#[test]
fn the_host_forks_and_exits_after_it_is_gone() {
    check_flat(&rounds(100, "pcmf", &[]));
    check_flat(&rounds(20, "fpfcmf", &[]));
}

/// Still loaded, it is ended by the exit of the process: in time, and with the host's exit code.
#[test]
fn the_host_exits_while_it_is_there() {
    for (boot, main) in [("0", "0"), ("200", "0"), ("0", "60000")] {
        let host = load(&alone("fleeting").library(), "call fleeting_ping exit 5")
            .env("FLEETING_BOOT", boot)
            .env("FLEETING_MAIN", main)
            .limit(Duration::from_secs(20));
        assert_eq!(Said::from(&host.run(), 5).one("fleeting_ping"), "1");
    }
}

#[test]
fn a_shutdown_ends_a_generation_and_the_next_call_begins_another() {
    let steps = "call fleeting_generation until fleeting_mains 1 call1 fleeting_shutdown 20000 alone \
                 call fleeting_generation";
    let host = load(&alone("fleeting").library(), steps).env("FLEETING_MAIN", "0");
    let said = Said::of(&host.run());
    assert_eq!(said.one("fleeting_shutdown"), "0");
    assert_eq!(said.all("fleeting_generation"), ["1", "2"]);
}
