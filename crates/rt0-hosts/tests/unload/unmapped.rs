//! A library that uses only the core, without std, is really unmapped.

use std::time::Duration;

use rt0_hosts::cc;
use rt0_hosts::fixture::alone;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;

/// Opens the library and does these steps, over and over; reports what has grown.
fn rounds(count: u32, steps: &str, environment: &[(&str, &str)]) -> Said {
    let host = Host::new(cc::c("unload/vanish.c", &[]))
        .arg(alone("fleeting").library())
        .args([&count.to_string(), steps])
        .envs(environment.iter().copied())
        .limit(Duration::from_secs(120));
    Said::from(&host.run(), 7)
}

#[track_caller]
fn check_flat(said: &Said) {
    for what in ["mappings", "descriptors", "threads"] {
        assert_eq!(said.one(what), "0", "{}", said.text());
    }
    // The kernel counts in batches of 64 pages per processor.
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

/// Its handlers for fork and exit are removed with it.
#[test]
fn the_host_forks_and_exits_after_it_is_gone() {
    check_flat(&rounds(100, "pcmf", &[]));
    check_flat(&rounds(20, "fpfcmf", &[]));
}

/// If the library is still loaded, the exit of the process ends it in time, and keeps the host's exit code.
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

/// If two threads joined the same thread, the host would crash.
#[test]
fn of_many_shutdowns_at_once_one_ends_it_and_the_others_wait() {
    let round = "begin1 fleeting_shutdown 20000 ".repeat(5) + "end call fleeting_ping ";
    let steps = format!("call fleeting_ping {}", round.repeat(3));
    let host = load(&alone("fleeting").library(), &steps).env("FLEETING_MAIN", "20");
    let said = Said::of(&host.run());
    assert_eq!(said.all("fleeting_shutdown"), ["0"; 15]);
    assert_eq!(said.all("fleeting_ping"), ["1"; 4]);
}

/// The boot function has returned, and its thread is running main.
#[test]
fn a_boot_may_be_finished_by_another_thread() {
    let steps = "call fleeting_ping until fleeting_mains 1 call1 fleeting_shutdown 20000 call fleeting_ping \
                 until fleeting_mains 2";
    let host = load(&alone("fleeting").library(), steps)
        .env("FLEETING_HAND", "1")
        .env("FLEETING_BOOT", "200")
        .env("FLEETING_MAIN", "0");
    let said = Said::of(&host.run());
    assert_eq!(said.all("fleeting_ping"), ["1", "1"]);
    assert_eq!(said.one("fleeting_shutdown"), "0");
}

#[test]
fn a_shutdown_that_main_calls_is_answered() {
    let steps =
        "call fleeting_ping until fleeting_mains 1 call fleeting_own call1 fleeting_shutdown 20000";
    let host = load(&alone("fleeting").library(), steps)
        .env("FLEETING_MAIN", "0")
        .env("FLEETING_OWN", "1");
    let said = Said::of(&host.run());
    assert_eq!(said.one("fleeting_own"), "-5", "WOULD_DEADLOCK");
    assert_eq!(said.one("fleeting_shutdown"), "0");
}

#[test]
fn main_may_end_the_process() {
    let host = load(
        &alone("fleeting").library(),
        "call fleeting_ping sleep 60000",
    )
    .env("FLEETING_MAIN", "0")
    .env("FLEETING_EXIT", "6");
    host.run().exits(6);
}

/// Main continues after the timeout, in a library that a handler of the host then closes.
#[test]
fn closed_at_the_very_end_it_stays_where_main_runs() {
    let host = || {
        Host::new(cc::c("unload/vanish.c", &[]))
            .arg(alone("fleeting").library())
            .limit(Duration::from_secs(20))
    };
    for (main, time) in [("60000", "50"), ("200", "50"), ("0", "1000")] {
        let host = host().arg("atexit").env("FLEETING_MAIN", main);
        host.env("RT0_EXIT_TIMEOUT", time).run().exits(7);
    }
    for (main, time) in [("300", "1000"), ("300", "150"), ("0", "1000")] {
        let host = host().arg("meanwhile").env("FLEETING_MAIN", main);
        host.env("RT0_EXIT_TIMEOUT", time).run().exits(7);
    }
}
