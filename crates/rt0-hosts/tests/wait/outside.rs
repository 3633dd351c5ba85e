//! Callers that hold a lock which init needs, as the lock of a virtual machine: they wait without it.

use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;

fn host(script: &str, steps: &str) -> Host {
    let host = load(&fixture("gates").library(), steps);
    host.env("GATES_BOOT", script)
        .env("RT0_START", "lazy")
        .env("RT0_WORKERS", "2")
}

#[test]
fn threads_with_a_lock_that_init_needs_are_answered() {
    for _ in 0..5 {
        let said = Said::of(&host("lock", "many 32 gates_with call gates_generation").run());
        assert_eq!(said.all("many gates_with"), ["7 x 32"]);
        assert_eq!(said.one("gates_generation"), "1");
    }
}

/// Init gets the lock when the first call has given up.
#[test]
fn a_call_that_waits_with_the_lock_waits_for_itself() {
    let said = Said::of(&host("lock", "call gates_without call1 gates_wait 20000").run());
    assert_eq!(said.one("gates_without"), "-1", "NOT_READY");
    assert!(said.micros("gates_without") >= 5_000_000, "{}", said.text());
    assert_eq!(said.one("gates_wait"), "0");
}

#[test]
fn a_library_that_is_ready_is_entered_with_the_lock() {
    let steps = "call gates_counted call gates_counted call gates_unwaited call gates_counted \
                 call1 gates_shutdown -1 call gates_counted";
    let said = Said::of(&host("", steps).run());
    assert_eq!(said.all("gates_counted"), ["1", "1", "1", "2"]);
    assert_eq!(said.one("gates_unwaited"), "7");
}

#[test]
fn a_closure_that_does_not_wait_is_told_so() {
    let said = Said::of(&host("", "call gates_unwaited call gates_with").run());
    assert_eq!(said.one("gates_unwaited"), "-1", "NOT_READY, with a text");
    assert_eq!(said.one("gates_with"), "7");
}

#[test]
fn a_closure_may_wait_twice_and_may_panic() {
    let steps = "call gates_panics call1 gates_shutdown 1000 call gates_twice \
                 call1 gates_shutdown 1000";
    let said = Said::of(&host("", steps).run());
    assert_eq!(said.one("gates_panics"), "9");
    assert_eq!(said.one("gates_twice"), "7");
    assert_eq!(said.all("gates_shutdown"), ["0", "0"], "nothing is held");
}

#[test]
fn a_wait_without_the_lock_has_a_deadline() {
    let steps = "call1 gates_with_for 50 call1 gates_with_for 0 call gates_open \
                 call1 gates_with_for 20000";
    let said = Said::of(&host("closed", steps).run());
    assert_eq!(said.all("gates_with_for"), ["-1", "-1", "7"]);
}

#[test]
fn a_wait_without_the_lock_from_init_is_answered() {
    let said = Said::of(&host("with", "call gates_noted").run());
    assert_eq!(said.one("gates_noted"), "-4", "CALLED_FROM_BOOT");
}

#[test]
fn a_failed_boot_is_reported_without_the_lock() {
    let said = Said::of(&host("lock fail", "many 8 gates_with").run());
    assert_eq!(said.all("many gates_with"), ["-2 x 8"], "BOOT_FAILED");
}
