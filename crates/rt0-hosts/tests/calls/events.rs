//! The library's `tracing` events, told to the host.

use std::time::Duration;

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::watchdog::Host;

/// `hosts/calls/events.c`, which prints what is wrong.
#[track_caller]
fn host(what: &str) -> Host {
    let host = cc::linked("calls/events.c", &fixture("herald"));
    Host::compiled(host)
        .arg(what)
        .env("RT0_START", "lazy")
        .env("RT0_WORKERS", "2")
        .limit(Duration::from_secs(20))
}

#[track_caller]
fn nothing_is_wrong(what: &str) {
    assert_eq!(host(what).run().ok(), "");
}

#[test]
fn level_target_text_and_spans_are_told_from_init_on() {
    nothing_is_wrong("told");
}

#[test]
fn a_host_hears_what_it_has_asked_for() {
    nothing_is_wrong("levels");
}

#[test]
fn off_there_is_no_thread_and_nothing_is_wanted() {
    nothing_is_wrong("off");
}

#[test]
fn a_shutdown_returns_when_all_is_told() {
    nothing_is_wrong("shutdown");
}

#[test]
fn so_does_the_exit_of_the_process() {
    let host = host("exit").env("RT0_EXIT_TIMEOUT", "20000");
    assert_eq!(host.run().ok(), "");
}

#[test]
fn and_an_end_ahead_of_it() {
    let host = host("end").env("RT0_EXIT_TIMEOUT", "20000");
    assert_eq!(host.run().ok(), "");
}

#[test]
fn a_callback_may_exit() {
    assert_eq!(host("exit-inside").run().exits(6), "");
}

#[test]
fn nothing_is_told_after_an_end_while_threads_go_on_saying() {
    let host = host("storm").limit(Duration::from_secs(120));
    assert_eq!(host.run().ok(), "");
}

#[test]
fn another_callback_is_registered_when_the_former_is_done() {
    nothing_is_wrong("replaced");
}

#[test]
fn a_callback_is_taken_off_when_it_is_done() {
    nothing_is_wrong("ended");
}

#[test]
fn between_two_generations_nothing_is_told() {
    nothing_is_wrong("rebooted");
}

#[test]
fn a_callback_that_does_not_return_is_named() {
    nothing_is_wrong("stuck");
}

#[test]
fn what_a_callback_causes_is_not_told() {
    nothing_is_wrong("chat");
}

#[test]
fn a_callback_that_would_wait_for_itself_is_refused() {
    nothing_is_wrong("inside");
}

#[test]
fn what_is_dropped_is_counted_in_its_place() {
    nothing_is_wrong("dropped");
}

#[test]
fn events_in_panics_and_panics_in_events() {
    nothing_is_wrong("panics");
}

#[test]
fn a_forks_child_hears_nothing_until_it_registers() {
    nothing_is_wrong("forked");
}

#[test]
fn nor_does_the_child_of_a_callback() {
    nothing_is_wrong("forked-inside");
}

#[test]
fn nor_a_child_forked_in_a_text() {
    nothing_is_wrong("forked-in-a-text");
}

#[test]
fn a_library_with_another_subscriber_says_so() {
    let host = host("another-subscriber").env("HERALD_INIT", "own");
    assert_eq!(host.run().ok(), "");
}

#[test]
fn a_quiet_library_has_no_thread_for_events() {
    let host = host("quiet").env("RT0_START", "quiet");
    assert_eq!(host.run().ok(), "");
}

#[test]
fn a_subscriber_of_the_librarys_own_passes_them_on() {
    let host = cc::linked("calls/layer.c", &fixture("chorus"));
    assert_eq!(Host::compiled(host).run().ok(), "");
}
